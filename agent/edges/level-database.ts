/** LevelDB's files: opened, written to, mended. This is the only importer of level. */

import { Level } from 'level';
import { assert } from '../../protocol/result.ts';
import { explainStoreError } from './store-error.ts';

export type Database = Level<string, Uint8Array>;
export type Step =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/** Mends the store's files as far as LevelDB can: what it cannot read it leaves out. */
export const repairFiles = (folder: string): Promise<void> =>
  (Level as unknown as Repairing).repair(folder);

/**
 * Writes a batch whose keys and values are as they are stored, and syncs. By the door inside Level: on
 * its way from the public one each step is copied, of which Node 20 makes 2 KB that live long.
 */
export const writeBatch = (db: Database, batch: readonly Step[]): Promise<void> => {
  assert(db.status === 'open', 'a batch was written to a store that is not open');
  return (db as unknown as Batching)._batch(batch, { sync: true });
};

interface Batching {
  readonly _batch: (batch: readonly Step[], options: { readonly sync: true }) => Promise<void>;
}

/** Its types leave it out. */
interface Repairing {
  readonly repair: (folder: string) => Promise<void>;
}

/**
 * LevelDB maps the files that it has open into memory, and keeps up to a thousand of them so. These are
 * the fewest and the smallest that it takes: 64 of its own, of a megabyte.
 */
const FILES = { maxOpenFiles: 74, maxFileSize: 1024 * 1024 };

export const openDatabase = async (folder: string): Promise<Database> => {
  const db = new Level<string, Uint8Array>(folder, { ...FILES, valueEncoding: 'view' });
  try {
    await db.open();
  } catch (error) {
    throw explainStoreError(error, folder);
  }
  return db;
};
