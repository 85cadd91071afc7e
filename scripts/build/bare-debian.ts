/** A minimal Debian in a folder, made once and kept outside the tree. */

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheFolder } from './tool-cache.ts';

const RELEASE = 'bookworm';

/** Its folder. Making it needs root, debootstrap and Debian's packages. */
export const bareDebian = (): string => {
  const root = join(defaultCacheFolder(process.env), `debian-${RELEASE}-minbase`);
  if (existsSync(root)) return openToAll(root);
  const making = mkdtempSync(`${root}-`);
  const done = spawnSync('debootstrap', ['--variant=minbase', RELEASE, making], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (done.status !== 0) throw new Error(`debootstrap ended with ${done.status}`);
  renameSync(making, root);
  return openToAll(root);
};

/** As it was made it may be its maker's alone, and `/` there is to be everybody's. */
const openToAll = (root: string): string => {
  chmodSync(root, 0o755);
  return root;
};
