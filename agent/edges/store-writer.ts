/** Writes commits in order, as many as are waiting at a time, so that one disk sync serves them all. */

import type { Write } from '../core/effects.ts';

export interface WritableStore {
  readonly write: (writes: readonly Write[]) => Promise<void>;
}

export interface CommitListener {
  readonly committed: (ticket: number) => void;
  readonly failed: (ticket: number, reason: string) => void;
}

/** Writes in one batch: bounds the memory and the time of one sync. */
const BATCH_MAX = 4096;

export class StoreWriter {
  readonly #store: WritableStore;
  readonly #listener: CommitListener;
  #waiting: { readonly ticket: number; readonly writes: readonly Write[] }[] = [];
  #running: Promise<void> | undefined;

  constructor(store: WritableStore, listener: CommitListener) {
    this.#store = store;
    this.#listener = listener;
  }

  /** Takes a commit; the listener hears when it is on the disk. Tickets only grow. */
  commit(ticket: number, writes: readonly Write[]): void {
    this.#waiting.push({ ticket, writes });
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is waiting any more. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Whatever else this turn of the event loop brings shares the first sync.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) await this.#writeBatch();
    this.#running = undefined;
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, BATCH_MAX);
    const ticket = batch.at(-1)?.ticket ?? 0;
    try {
      const writes = batch.flatMap((commit) => commit.writes);
      if (writes.length > 0) await this.#store.write(writes);
    } catch (error) {
      return this.#listener.failed(ticket, error instanceof Error ? error.message : String(error));
    }
    this.#listener.committed(ticket);
  }
}
