/** What the history needs of the store: reading by key, and writing behind what the agent writes. */

import type { Write } from '../../core/write.ts';
import type { StoreEntry } from '../store-reading.ts';

export interface EntryReader {
  readonly get: (keys: readonly string[]) => Promise<readonly StoreEntry[]>;
  readonly between: (from: string, to: string, most: number) => Promise<readonly StoreEntry[]>;
}

/** Of one instant, whatever is written meanwhile, until it is disposed of. */
export type FrozenReader = EntryReader & AsyncDisposable;

export interface HistoryReader extends EntryReader {
  /** What is longer than a page is read from there: what belongs together may be moved meanwhile. */
  readonly frozen: () => FrozenReader;
}

export interface HistoryStore {
  /** Throws while the store cannot be used. */
  readonly reader: () => HistoryReader;
  /** Resolves when all writes are on the disk, in one piece. */
  readonly write: (writes: readonly Write[]) => Promise<void>;
}

/** Behind every key that begins so. */
export const behind = (prefix: string): string => `${prefix}\uffff`;

/** A page of a longer reading. */
const PAGE = 64;

/** All entries from the key `from` on, before `to`, a page in memory at a time. */
export async function* entriesBetween(
  reader: EntryReader,
  from: string,
  to: string,
): AsyncGenerator<StoreEntry> {
  for (let next = from; ; ) {
    const page = await reader.between(next, to, PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    next = `${last[0]}\u0000`;
  }
}
