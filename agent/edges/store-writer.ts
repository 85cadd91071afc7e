/** Writes commits in order, as many as are waiting at a time, so that one disk sync serves them all. */

import type { Write } from '../core/effects.ts';

export interface WritableStore {
  readonly write: (writes: readonly Write[]) => Promise<void>;
}

export interface CommitListener {
  readonly committed: (ticket: number) => void;
  readonly failed: (ticket: number, reason: string) => void;
}

interface Commit {
  readonly ticket: number;
  readonly writes: readonly Write[];
}

/** Writes in one batch, a commit more or less: the store holds up the event loop for each of them. */
const BATCH_MAX = 512;

export class StoreWriter {
  readonly #store: WritableStore;
  readonly #listener: CommitListener;
  readonly #waiting: Commit[] = [];
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
    const { ticket, writes } = this.#takeBatch();
    try {
      if (writes.length > 0) await this.#store.write(writes);
    } catch (error) {
      return this.#listener.failed(ticket, error instanceof Error ? error.message : String(error));
    }
    this.#listener.committed(ticket);
  }

  /** Takes out whole commits, as many as one batch holds, but always one. */
  #takeBatch(): Commit {
    const writes: Write[] = [];
    let taken = 0;
    for (const commit of this.#waiting) {
      if (taken > 0 && writes.length + commit.writes.length > BATCH_MAX) break;
      writes.push(...commit.writes);
      taken++;
    }
    const ticket = this.#waiting[taken - 1]?.ticket ?? 0;
    this.#waiting.splice(0, taken);
    return { ticket, writes };
  }
}
