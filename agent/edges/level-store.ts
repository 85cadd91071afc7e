/** The store on disk. This is the only importer of level. */

import { Level } from 'level';
import type { Write } from '../core/effects.ts';
import { UsherError } from '../usher-error.ts';

export type StoreEntry = readonly [key: string, value: Uint8Array];

/** Entries handed on at a time when the store is read at the start: some milliseconds of work. */
const READ_AT_ONCE = 256;

export class LevelStore implements AsyncDisposable {
  readonly #db: Level<string, Uint8Array>;
  /** After a failed write LevelDB takes no other until it has been opened anew. */
  #needsReopening = false;

  private constructor(db: Level<string, Uint8Array>) {
    this.#db = db;
  }

  /** Opens or makes the store in `folder`. Codes: STORE_LOCKED, STORE_UNUSABLE. */
  static async open(folder: string): Promise<LevelStore> {
    const db = new Level<string, Uint8Array>(folder, { valueEncoding: 'view' });
    try {
      await db.open();
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      if ((cause as { code?: string } | undefined)?.code === 'LEVEL_LOCKED') {
        throw new UsherError(
          'STORE_LOCKED',
          `Another program has the store ${folder} open.`,
          error,
        );
      }
      const why = cause instanceof Error ? cause.message : String(error);
      throw new UsherError(
        'STORE_UNUSABLE',
        `The store ${folder} cannot be opened: ${why}.`,
        error,
      );
    }
    return new LevelStore(db);
  }

  /** Every entry, a piece at a time, in the order of the keys. */
  async *read(prefix = ''): AsyncGenerator<readonly StoreEntry[]> {
    const range = prefix === '' ? {} : { gte: prefix, lt: `${prefix}\uffff` };
    const iterator = this.#db.iterator(range);
    try {
      for (;;) {
        const entries = await iterator.nextv(READ_AT_ONCE);
        if (entries.length === 0) return;
        yield entries.map(([key, value]) => [key, new Uint8Array(value)] as const);
      }
    } finally {
      await iterator.close();
    }
  }

  /** Resolves when all writes are on the disk, in one piece; none is when it rejects. */
  async write(writes: readonly Write[]): Promise<void> {
    const batch = writes.map(({ key, value }) =>
      value === null ? ({ type: 'del', key } as const) : ({ type: 'put', key, value } as const),
    );
    if (this.#needsReopening) await this.#reopen();
    try {
      await this.#db.batch(batch, { sync: true });
    } catch (error) {
      this.#needsReopening = true;
      throw error;
    }
  }

  async #reopen(): Promise<void> {
    await this.#db.close();
    await this.#db.open();
    this.#needsReopening = false;
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
