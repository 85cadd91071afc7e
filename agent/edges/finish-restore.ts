/** The last step of a restore, which an agent that starts does when it was not done to the end. */

import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BACKUP_FILES } from './backup.ts';
import type { DataFolder } from './data-folder.ts';

/** Everything of a data folder that a backup takes the place of. */
const ITEMS: readonly string[] = ['store', 'store.mark', 'store.kept', ...BACKUP_FILES];

/** Who restores as administrator leaves it to the agent's own user. */
export const giveTo = async (path: string, owner: string): Promise<void> => {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(owner);
  await chown(path, uid, gid);
  if (!(await stat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await giveTo(join(path, name), owner);
};

/**
 * Changes places; begun again after it was ended in the middle, it goes on. `suffix` is asked for only
 * then: the first date in a process makes Node look for the time zone.
 */
export const finishRestore = async (
  folder: DataFolder,
  suffix: () => string,
): Promise<string | null> => {
  const fresh = folder.restoring;
  if (!existsSync(fresh)) return null;
  const former = join(folder.path, `before-restore-${suffix()}`);
  const hadStore = existsSync(join(folder.path, 'agent.key'));
  await mkdir(former, { recursive: true, mode: 0o700 });
  await giveTo(former, folder.path);
  // What was kept of the former store belongs to it.
  const names = [...new Set([...(await readdir(fresh)), 'store.kept'])];
  for (const name of ITEMS.filter((item) => names.includes(item))) {
    const [old, next] = [join(folder.path, name), join(fresh, name)];
    if (existsSync(old)) await rename(old, join(former, name));
    if (existsSync(next)) await rename(next, old);
  }
  await rm(fresh, { recursive: true, force: true });
  if (hadStore) return former;
  await rm(former, { recursive: true, force: true });
  return null;
};
