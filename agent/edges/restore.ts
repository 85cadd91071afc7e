/**
 * Puts a backup in the place of a data folder's contents. What was there is kept beside it, and an
 * end in the middle is taken up where it was.
 */

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOLDOFF_WRITE } from '../core/seats/lending-gate.ts';
import { UsherError } from '../usher-error.ts';
import { forgetHost } from './agent-key.ts';
import { BACKUP_FILES, REPLACED_FILES } from './backup.ts';
import { readFileBackup } from './backup-format.ts';
import type { DataFolder } from './data-folder.ts';
import { finishRestore, giveTo } from './finish-restore.ts';
import { LevelStore } from './level-store.ts';
import type { StoreEntry } from './store-reading.ts';

/** Entries written at a time. */
const AT_ONCE = 256;

export interface RestoreWishes {
  /** Somebody says that nobody holds a seat lent since the backup. */
  readonly lendAtOnce: boolean;
  /** Somebody says that the agent of the backup's computer runs no more: it goes on here. */
  readonly isOtherHost: boolean;
}

/**
 * Restores; resolves with the folder in which the former contents are, if there were any. `suffix`
 * tells it from others.
 */
export const restoreBackup = async (
  folder: DataFolder,
  file: string,
  suffix: string,
  { lendAtOnce, isOtherHost }: RestoreWishes,
): Promise<string | null> => {
  const draft = `${folder.restoring}.new`;
  await rm(draft, { recursive: true, force: true });
  try {
    await unpackBackup(file, draft, lendAtOnce);
    if (isOtherHost) await leaveHost(join(draft, 'agent.key'));
    await giveTo(draft, folder.path);
    await rename(draft, folder.restoring);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error instanceof UsherError ? error : folder.unusable(error);
  }
  return finishRestore(folder, () => suffix);
};

const unpackBackup = async (file: string, draft: string, lendAtOnce: boolean): Promise<void> => {
  await mkdir(draft, { mode: 0o700 });
  // An empty file says as much as none, and takes the place of one that was there.
  for (const name of REPLACED_FILES) await writeSafely(join(draft, name), new Uint8Array(0));
  const folder = join(draft, 'store');
  await using store = await LevelStore.open(folder);
  let waiting: StoreEntry[] = [];
  const write = async (): Promise<void> => {
    await store.write(waiting.map(([key, value]) => ({ key, value })));
    waiting = [];
  };
  let commits = 0;
  for await (const record of readFileBackup(file)) {
    if (record.kind === 'head') commits = record.head.commits;
    else if (record.kind === 'entry') waiting.push(record.entry);
    else if (BACKUP_FILES.includes(record.name)) {
      await writeSafely(join(draft, record.name), record.bytes);
    }
    if (waiting.length >= AT_ONCE) await write();
  }
  await write();
  if (!lendAtOnce) await store.write([HOLDOFF_WRITE]);
  await store.countFrom(commits);
};

/** The same agent, with the same key, takes the computer that it is started on for its own. */
const leaveHost = async (file: string): Promise<void> => {
  await writeSafely(file, await forgetHost(new Uint8Array(await readFile(file)), file));
};

const writeSafely = (path: string, bytes: Uint8Array): Promise<void> =>
  writeFile(path, bytes, { mode: 0o600, flush: true });
