/** Whether an agent runs on a data folder: one that does may have its store closed. */

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { UsherError } from '../usher-error.ts';
import type { DataFolder } from './data-folder.ts';
import { loadLevelStore } from './load-addons.ts';

/** Refuses to go on while an agent runs on the folder. Code: STORE_LOCKED. */
export const refuseWhileRunning = async (folder: DataFolder): Promise<void> => {
  if (!(await answers(folder.controlPath)) && !(await isLocked(folder))) return;
  const holder = await folder.holder();
  const who = holder === undefined ? '' : ` (process ${holder})`;
  throw new UsherError(
    'STORE_LOCKED',
    `An agent runs on ${folder.path}${who}: stop it first. Nothing was done.`,
  );
};

const answers = async (path: string): Promise<boolean> => {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM';
  } finally {
    socket.destroy();
  }
};

/** Asks for the store's lock by another name of its file, so that the store itself is not opened. */
const isLocked = async (folder: DataFolder): Promise<boolean> => {
  const lock = join(folder.store, 'LOCK');
  if (!existsSync(lock)) return false;
  const LevelStore = await loadLevelStore(folder);
  const room = join(folder.path, `lock.${process.pid}`);
  try {
    await mkdir(room, { mode: 0o700 });
    await link(lock, join(room, 'LOCK'));
    await using _opened = await LevelStore.openAsIs(room);
    return false;
  } catch (error) {
    return error instanceof UsherError && error.code === 'STORE_LOCKED';
  } finally {
    await rm(room, { recursive: true, force: true });
  }
};
