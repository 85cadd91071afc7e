/** The seals of this computer. */

import { platform } from 'node:process';
import type { DataFolder } from './data-folder.ts';
import { findHostSeal } from './host-seal.ts';
import type { KeySeal } from './key-seal.ts';
import { ROOT_FOLDER } from './own-host-code.ts';
import { dataProtectionSeal } from './windows/data-protection-seal.ts';

/** Those with which the key of a data folder can be sealed and opened here, the best first. */
export const systemSeals = (folder: DataFolder): readonly KeySeal[] => {
  if (platform === 'win32') return [dataProtectionSeal];
  const seal = platform === 'linux' ? findHostSeal(ROOT_FOLDER, folder) : undefined;
  return seal === undefined ? [] : [seal];
};
