/** The service manager of this computer. */

import { platform } from 'node:process';
import { UsherError } from '../usher-error.ts';
import { LinuxService, linuxSystem } from './linux-service.ts';
import type { ServiceManager } from './service-manager.ts';

/** Code: REFUSED where there is none that we know. */
export const openServiceManager = (): ServiceManager => {
  if (platform === 'linux') return new LinuxService(linuxSystem());
  throw new UsherError(
    'REFUSED',
    'Usher makes no service on this system: have it run `usher serve` at its start.',
  );
};
