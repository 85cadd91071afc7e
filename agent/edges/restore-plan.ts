/**
 * What would come of a restore, told before anything is done. LevelDB is not even loaded where there is no
 * store yet: its addon would have to be put into the folder first.
 */

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
import { UsherError } from '../usher-error.ts';
import { type BackupHead, readFileBackup } from './backup-format.ts';
import type { DataFolder } from './data-folder.ts';
import { loadLevelStore } from './load-addons.ts';
import { checkFiles, ReadingRoom, storeFiles } from './store-room.ts';

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
    if ((await storeFiles(folder.store)).length === 0) return { lentSince: 0, borrowedSince: 0 };
    const LevelStore = await loadLevelStore(folder);
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
