/** Opens what a master keeps: its store, read into the core. */

import type { Clock } from '../protocol/node/clock.ts';
import { systemEntropy } from '../protocol/node/entropy.ts';
import { nativePrimitives } from '../protocol/node/native-primitives.ts';
import type { SigningKeys } from '../protocol/signed-document.ts';
import type { DataFolder } from './edges/data-folder.ts';
import type { LevelStore } from './edges/level-store.ts';
import { loadAddons } from './edges/load-addons.ts';
import { StoreReading } from './edges/store-reading.ts';
import { UsherError } from './usher-error.ts';
import { Master } from './vendor/master/master.ts';
import type { BookEntry } from './vendor/master/master-book.ts';
import { MasterDriver } from './vendor/master-driver.ts';

export interface OpenMasterOptions {
  readonly folder: DataFolder;
  readonly keys: SigningKeys;
  readonly clock: Clock;
  /** Seconds for which it may have been away before it doubts its clock; `null` for any. */
  readonly away: number | null;
  /** Takes a line for the log. */
  readonly say: (sentence: string) => void;
}

export interface OpenMaster extends AsyncDisposable {
  readonly master: Master;
  readonly driver: MasterDriver;
}

/** Codes: STORE_LOCKED, STORE_DAMAGED, STORE_UNWRITABLE, FOLDER_UNUSABLE, BROKEN_DATA. */
export const openMaster = async (options: OpenMasterOptions): Promise<OpenMaster> => {
  const { folder, keys, clock, away, say } = options;
  await folder.prepare();
  loadAddons(folder);
  // Only now: inside the single binary the addon must be placed before it is loaded.
  const { LevelStore } = await import('./edges/level-store.ts');
  const store = await LevelStore.open(folder.store);
  try {
    const entries = await readAll(store, folder.path);
    const parts = { keys, primitives: nativePrimitives, entropy: systemEntropy, away };
    const master = new Master(parts, entries);
    if (master.unread > 0) throw unread(folder.path, master.unread);
    const driver = new MasterDriver(master, store, clock, say);
    return { master, driver, [Symbol.asyncDispose]: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
};

const readAll = async (store: LevelStore, path: string): Promise<readonly BookEntry[]> => {
  const reading = new StoreReading();
  const entries: BookEntry[] = [];
  for await (const piece of store.read(reading)) entries.push(...piece);
  const isWhole =
    reading.damagedCount === 0 && reading.missing.size === 0 && reading.broken === undefined;
  if (isWhole) return entries;
  throw new UsherError(
    'STORE_DAMAGED',
    `The store in ${path} is damaged: put a backup of the folder in its place, then start with --restored.`,
  );
};

const unread = (path: string, count: number): UsherError =>
  new UsherError(
    'BROKEN_DATA',
    `${path} holds ${count} entries that are none of a master's: it is an agent's folder, or a newer version's.`,
  );
