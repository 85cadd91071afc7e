/**
 * Puts a backup in the place of a data folder's contents. What was there is kept beside it, and an
 * end in the middle is taken up where it was.
 */

import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { matchHostCode } from '../../protocol/host-code.ts';
import { readHostCode } from '../../protocol/node/host-components.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { openHeld } from '../core/licenses/any-license.ts';
import {
  decodeLeaseRecord,
  LEASE_PREFIX,
  type LeaseRecord,
  LICENSE_PREFIX,
} from '../core/seats/lease-record.ts';
import { HOLDOFF_WRITE } from '../core/seats/lending-gate.ts';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';
import { forgetHost } from './agent-key.ts';
import { BACKUP_FILES, REPLACED_FILES } from './backup.ts';
import { type BackupHead, type BackupRecord, readBackup } from './backup-format.ts';
import type { DataFolder } from './data-folder.ts';
import { finishRestore, giveTo } from './finish-restore.ts';
import { LevelStore } from './level-store.ts';
import type { StoreEntry } from './store-reading.ts';
import { checkFiles, ReadingRoom } from './store-room.ts';

/** What a backup holds, and what is now where it is to go. */
export interface RestorePlan {
  readonly head: BackupHead;
  readonly licenses: number;
  readonly leases: number;
  /** Seconds: the longest term of its licenses. */
  readonly longestTerm: number;
  readonly isSameHost: boolean;
  /** Seats lent since it was made, as far as the store that it replaces can be read. */
  readonly lentSince: number | null;
  /** Those of them that are borrowed. */
  readonly borrowedSince: number;
}

/** Reads the whole backup and changes nothing. Codes: FILE_UNREADABLE, BROKEN_DATA. */
export const planRestore = async (folder: DataFolder, file: string): Promise<RestorePlan> => {
  let head: BackupHead | undefined;
  let [licenses, longestTerm] = [0, 0];
  const leases: KnownLeases = new Map();
  const names: string[] = [];
  for await (const record of readFileBackup(file)) {
    if (record.kind === 'head') head = record.head;
    else if (record.kind === 'file') names.push(record.name);
    else {
      const [key, value] = record.entry;
      if (key.startsWith(LEASE_PREFIX)) leases.set(key, borrowedFrom(decodeLeaseRecord(value)));
      if (!key.startsWith(LICENSE_PREFIX)) continue;
      licenses++;
      const opened = openHeld(value, nativePrimitives);
      if (opened.ok) longestTerm = Math.max(longestTerm, opened.value.license.term);
    }
  }
  if (head === undefined || !names.includes('agent.key')) {
    throw new UsherError('BROKEN_DATA', 'The backup lacks what an agent needs: nothing was done.');
  }
  const isSameHost = matchHostCode(head.hostCode, await readHostCode()).matches;
  const since = await lentSince(folder, leases);
  return { head, licenses, leases: leases.size, longestTerm, isSameHost, ...since };
};

/** The keys of the leases in a backup, and since when each is borrowed: epoch seconds, 0 if it is not. */
type KnownLeases = Map<string, number>;

const borrowedFrom = (lease: LeaseRecord | undefined): number => lease?.borrowing?.from ?? 0;

/** By what the backup holds, not by times: a second may have both the backup and a lease. */
const lentSince = async (
  folder: DataFolder,
  known: ReadonlyMap<string, number>,
): Promise<Pick<RestorePlan, 'lentSince' | 'borrowedSince'>> => {
  let [lent, borrowed] = [0, 0];
  try {
    await checkFiles(folder.store);
    await using room = await ReadingRoom.open(folder.store);
    await using store = await LevelStore.open(room.store);
    for await (const entries of store.read()) {
      for (const [key, value] of entries) {
        const lease = key.startsWith(LEASE_PREFIX) ? decodeLeaseRecord(value) : undefined;
        if (lease === undefined) continue;
        if (!known.has(key)) lent++;
        if (borrowedFrom(lease) > (known.get(key) ?? 0)) borrowed++;
      }
    }
    return { lentSince: lent, borrowedSince: borrowed };
  } catch {
    return { lentSince: null, borrowedSince: 0 };
  }
};

async function* readFileBackup(file: string): AsyncGenerator<BackupRecord> {
  try {
    yield* readBackup(createReadStream(file));
  } catch (error) {
    if (error instanceof UsherError) throw error;
    throw new UsherError('FILE_UNREADABLE', `Cannot read ${file}: ${systemReason(error)}.`, error);
  }
}

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
