/** The service manager of this system. */

import { platform } from 'node:process';
import { UsherError } from '../usher-error.ts';
import type { ServiceManager } from './service-manager.ts';
import { createWindowsManager } from './windows-manager.ts';

/** Code: REFUSED, where there is none that is known. */
export const openServiceManager = (
  environment: Readonly<Record<string, string | undefined>>,
): ServiceManager => {
  if (platform === 'win32') return createWindowsManager(environment);
  throw new UsherError('REFUSED', 'Here a service is installed on Windows only.');
};
