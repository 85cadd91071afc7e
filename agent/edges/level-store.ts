/** The store on disk. */

import type { Write } from '../core/write.ts';
import { UsherError } from '../usher-error.ts';
import { type Database, openDatabase, type Step, writeBatch } from './level-database.ts';
import { damagedStore, explainStoreError } from './store-error.ts';
import {
  LEDGER_KEY,
  StoreLedger,
  sealLedger,
  sealOf,
  sealValue,
  unsealLedger,
  unsealValue,
} from './store-ledger.ts';
import { readMark, StoreMark } from './store-mark.ts';
import { type StoreEntry, StoreReading } from './store-reading.ts';

/** The instant that is read; without, the one of the reading. */
type AsOf = { readonly snapshot?: ReturnType<Database['snapshot']> };

/** Entries handed on at a time when the store is read at the start: some milliseconds of work. */
const READ_AT_ONCE = 256;

/**
 * As many entries are read there and then, at some 2 µs each, as they are in memory but for a disk that
 * has just been started: to have them read elsewhere costs two waits for a processor, which on a
 * busy machine are longer than the sync. Where thousands of leases lapse at once nobody waits for
 * that.
 */
const READ_IN_TURN = 128;

/** Where the mark of the store in `folder` is kept: outside, as the folder may be lost as a whole. */
export const markFile = (folder: string): string => `${folder}.mark`;

export class LevelStore implements AsyncDisposable {
  readonly #folder: string;
  readonly #db: Database;
  readonly #mark: StoreMark;
  #ledger: StoreLedger;
  /** After a failed write LevelDB takes no other until it has been opened anew. */
  #needsReopening = false;

  private constructor(folder: string, db: Database, { ledger, marked }: Account) {
    this.#folder = folder;
    this.#db = db;
    this.#ledger = ledger;
    this.#mark = new StoreMark(markFile(folder), marked);
  }

  /**
   * Opens or makes the store in `folder`. Codes: STORE_LOCKED, STORE_UNWRITABLE while the disk is
   * full or may only be read, STORE_DAMAGED.
   */
  static async open(folder: string): Promise<LevelStore> {
    const db = await openDatabase(folder);
    try {
      const store = new LevelStore(folder, db, await takeUpLedger(folder, db));
      if (store.commits > 0) store.#mark.note(store.commits);
      return store;
    } catch (error) {
      await db.close();
      throw error instanceof UsherError ? error : explainStoreError(error, folder);
    }
  }

  /** Opens a store that was damaged, with what its files have: for looking at it and mending it. */
  static async openAsIs(folder: string): Promise<LevelStore> {
    const db = await openDatabase(folder);
    return new LevelStore(folder, db, { ledger: (await readLedger(db)) ?? new StoreLedger() });
  }

  /** Batches written in the life of the store. */
  get commits(): number {
    return this.#ledger.commits;
  }

  /**
   * Every entry that is whole, a piece at a time, in the order of the keys, as all were when the
   * reading began. Afterwards `reading` says what is wrong with the others.
   */
  async *read(reading = new StoreReading()): AsyncGenerator<readonly StoreEntry[]> {
    let expected = this.#ledger;
    const iterator = this.#db.iterator();
    try {
      for (;;) {
        const stored = await iterator.nextv(READ_AT_ONCE);
        if (stored.length === 0) break;
        // The account comes last, and is of the same instant as the entries.
        const account = stored.find(([key]) => key === LEDGER_KEY);
        expected = (account && unsealLedger(account[1])) ?? expected;
        const entries = stored.filter((entry) => entry !== account);
        yield entries.flatMap(([key, sealed]) => reading.take(key, sealed));
      }
    } catch (error) {
      reading.broke(error);
    } finally {
      await iterator.close();
    }
    reading.compare(expected);
  }

  /** The entries of these keys, in their order, that are there and whole. */
  async get(keys: readonly string[], asOf: AsOf = {}): Promise<readonly StoreEntry[]> {
    const stored = await this.#db.getMany([...keys], asOf);
    return keys.flatMap((key, i) => unsealed(key, stored[i]));
  }

  /** At most `most` whole entries from the key `from` on, before `to`. */
  async between(from: string, to: string, most: number, asOf: AsOf = {}) {
    const stored = await this.#db.iterator({ gte: from, lt: to, limit: most, ...asOf }).all();
    return stored.flatMap(([key, value]) => unsealed(key, value));
  }

  /** Reads the entries as they are now, whatever is written meanwhile, until it is disposed of. */
  frozen() {
    const snapshot = this.#db.snapshot();
    return {
      get: (keys: readonly string[]) => this.get(keys, { snapshot }),
      between: (from: string, to: string, most: number) =>
        this.between(from, to, most, { snapshot }),
      [Symbol.asyncDispose]: () => snapshot.close(),
    };
  }

  /** Resolves when all writes are on the disk, in one piece; none is when it rejects. */
  async write(writes: readonly Write[]): Promise<void> {
    if (this.#needsReopening) await this.#reopen();
    try {
      const { batch, ledger } = await this.#plan(writes);
      await writeBatch(this.#db, batch);
      this.#ledger = ledger;
    } catch (error) {
      this.#needsReopening = true;
      throw error;
    }
    this.#mark.note(this.commits);
  }

  async #plan(writes: readonly Write[]): Promise<{ batch: Step[]; ledger: StoreLedger }> {
    // The last word on each key.
    const last = new Map<string, Write['value']>();
    for (const { key, value } of writes) last.set(key, value);
    const keys = [...last.keys()];
    const before = keys.length > READ_IN_TURN ? await this.#db.getMany(keys) : this.#readNow(keys);
    const ledger = this.#ledger.copy();
    const batch: Step[] = [];
    for (const [i, key] of keys.entries()) {
      const [stored, value] = [before[i], last.get(key)];
      if (stored !== undefined) ledger.remove(key, sealOf(stored));
      if (value === null || value === undefined) batch.push({ type: 'del', key });
      else {
        const sealed = sealValue(key, value);
        ledger.add(key, sealOf(sealed));
        batch.push({ type: 'put', key, value: sealed });
      }
    }
    ledger.commits++;
    batch.push({ type: 'put', key: LEDGER_KEY, value: sealLedger(ledger) });
    return { batch, ledger };
  }

  #readNow(keys: readonly string[]): readonly (Uint8Array | undefined)[] {
    return keys.map((key) => this.#db.getSync(key));
  }

  async #reopen(): Promise<void> {
    await this.#db.close();
    await this.#db.open();
    // What failed may be on the disk all the same.
    this.#ledger = (await readLedger(this.#db)) ?? this.#ledger;
    this.#needsReopening = false;
  }

  /** Makes the account true to what is there: what was lost is given up. */
  async settleAccount(reading: StoreReading, commits: number): Promise<void> {
    const ledger = reading.found.copy();
    ledger.commits = commits;
    await this.#writeAccount(ledger);
  }

  /** Makes the count of batches at least this, so that it never goes back for a data folder. */
  async countFrom(commits: number): Promise<void> {
    const ledger = this.#ledger.copy();
    ledger.commits = Math.max(commits, this.commits) + 1;
    await this.#writeAccount(ledger);
  }

  async #writeAccount(ledger: StoreLedger): Promise<void> {
    const value = sealLedger(ledger);
    await this.#db.batch([{ type: 'put', key: LEDGER_KEY, value }], { sync: true });
    this.#ledger = ledger;
    this.#mark.note(ledger.commits);
  }

  /** Drops entries without accounting for them; `settleAccount` must follow. */
  async drop(keys: readonly string[]): Promise<void> {
    await this.#db.batch(
      keys.map((key) => ({ type: 'del', key }) as const),
      { sync: true },
    );
  }

  async close(): Promise<void> {
    try {
      await this.#db.close();
    } finally {
      await this.#mark.close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get folder(): string {
    return this.#folder;
  }
}

const unsealed = (key: string, stored: Uint8Array | undefined): readonly StoreEntry[] => {
  const value = stored && unsealValue(key, stored);
  return value === undefined ? [] : [[key, value]];
};

const readLedger = async (db: Database): Promise<StoreLedger | undefined> => {
  const sealed = await db.get(LEDGER_KEY);
  return sealed && unsealLedger(sealed);
};

interface Account {
  readonly ledger: StoreLedger;
  /** The batches of which the mark tells. */
  readonly marked?: number;
}

/** The account of a store that was opened, which must be as late as its mark. */
const takeUpLedger = async (folder: string, db: Database): Promise<Account> => {
  const [ledger, mark] = await Promise.all([readLedger(db), readMark(markFile(folder))]);
  if (ledger === undefined && mark.kind === 'none') return { ledger: await adopt(db) };
  if (ledger === undefined) throw damagedStore(folder, 'its account of itself is gone');
  const lost = mark.kind === 'seen' ? mark.commits - ledger.commits : 0;
  if (lost > 0) throw damagedStore(folder, `the last ${lost} of its writes are gone`);
  if (mark.kind === 'damaged') throw damagedStore(folder, `${markFile(folder)} is damaged`);
  return mark.kind === 'seen' ? { ledger, marked: mark.commits } : { ledger };
};

/** A new store, or one from before stores had accounts. */
const adopt = async (db: Database): Promise<StoreLedger> => {
  const ledger = new StoreLedger();
  const iterator = db.iterator();
  try {
    for (;;) {
      const entries = await iterator.nextv(READ_AT_ONCE);
      if (entries.length === 0) break;
      const sealed = entries.map(([key, value]) => {
        const isSealed = unsealValue(key, value) !== undefined;
        return { type: 'put', key, value: isSealed ? value : sealValue(key, value) } as const;
      });
      for (const { key, value } of sealed) ledger.add(key, sealOf(value));
      await db.batch(sealed);
    }
  } finally {
    await iterator.close();
  }
  if (ledger.counts.size === 0) return ledger;
  ledger.commits = 1;
  await db.batch([{ type: 'put', key: LEDGER_KEY, value: sealLedger(ledger) }], { sync: true });
  return ledger;
};
