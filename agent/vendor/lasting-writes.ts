/**
 * Writes in the order in which they were decided, as many at a time as are waiting. What could not be
 * written is written with the next: until then nobody is answered, so that nothing is told that a
 * power cut would undo.
 */

import type { Write } from '../core/write.ts';

export interface LastingStore {
  /** Resolves when all writes are on the disk, in one piece; none is when it rejects. */
  readonly write: (writes: readonly Write[]) => Promise<void>;
}

export class LastingWrites {
  readonly #store: LastingStore;
  #waiting: Write[] = [];
  #asked = 0;
  #settled = 0;
  #running: Promise<void> | undefined;

  constructor(store: LastingStore) {
    this.#store = store;
  }

  /** Resolves when these and all before them are on the disk; rejects with the store's error. */
  async commit(writes: readonly Write[]): Promise<void> {
    this.#waiting.push(...writes);
    const mine = ++this.#asked;
    while (this.#settled < mine) {
      this.#running ??= this.#write().finally(() => {
        this.#running = undefined;
      });
      await this.#running;
    }
  }

  async #write(): Promise<void> {
    const [upTo, batch] = [this.#asked, this.#waiting];
    this.#waiting = [];
    try {
      if (batch.length > 0) await this.#store.write(batch);
    } catch (error) {
      this.#waiting = [...batch, ...this.#waiting];
      throw error;
    }
    this.#settled = upTo;
  }
}
