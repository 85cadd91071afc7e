/** Writes commits in order, as many as are waiting at a time, so that one disk sync serves them all. */

import type { Write } from '../core/write.ts';

export interface WritableStore {
  readonly write: (writes: readonly Write[]) => Promise<void>;
}

export interface CommitListener {
  readonly committed: (ticket: number) => void;
  readonly failed: (ticket: number, reason: string) => void;
}

/** Sees each batch just before it is written. */
export interface BatchWitness {
  /** What is written in one piece with the batch. */
  readonly alongside: (writes: readonly Write[]) => readonly Write[];
  /** Whether the batch seen last is on the disk. */
  readonly settled: (isWritten: boolean) => void;
}

interface Commit {
  /** None where it is not the agent's. */
  readonly ticket?: number;
  readonly writes: readonly Write[];
  readonly settle?: (error: Error | undefined) => void;
}

interface Batch {
  readonly commits: readonly Commit[];
  readonly writes: readonly Write[];
}

/** Writes in one batch, a commit more or less: the store holds up the event loop for each of them. */
const BATCH_MAX = 256;

export class StoreWriter {
  readonly #store: WritableStore;
  readonly #listener: CommitListener;
  readonly #witness: BatchWitness | undefined;
  readonly #waiting: Commit[] = [];
  #running: Promise<void> | undefined;
  #isHeld: boolean;

  /** `isHeld`: nothing is written before `begin`. */
  constructor(
    store: WritableStore,
    listener: CommitListener,
    witness?: BatchWitness,
    isHeld = false,
  ) {
    this.#store = store;
    this.#listener = listener;
    this.#witness = witness;
    this.#isHeld = isHeld;
  }

  /** Writes what has waited until now, and from now on whatever comes. */
  begin(): void {
    this.#isHeld = false;
    if (this.#waiting.length > 0) this.#running ??= this.#run();
  }

  /** Takes a commit; the listener hears when it is on the disk. Tickets only grow. */
  commit(ticket: number, writes: readonly Write[]): void {
    this.#add({ ticket, writes });
  }

  /** Takes writes that are not the agent's, and maybe none but the witness's; rejects when they fail. */
  also(writes: readonly Write[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | undefined): void =>
        error === undefined ? resolve() : reject(error);
      this.#add({ writes, settle });
    });
  }

  /** Resolves when nothing is waiting any more. */
  async drain(): Promise<void> {
    this.begin();
    await this.#running;
  }

  #add(commit: Commit): void {
    this.#waiting.push(commit);
    if (!this.#isHeld) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Whatever else this turn of the event loop brings shares the first sync.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) await this.#writeBatch();
    this.#running = undefined;
  }

  async #writeBatch(): Promise<void> {
    const { commits, writes } = this.#takeBatch();
    const error = await this.#write(writes);
    const ticket = commits.findLast((commit) => commit.ticket !== undefined)?.ticket;
    if (ticket !== undefined) {
      if (error === undefined) this.#listener.committed(ticket);
      else this.#listener.failed(ticket, error.message);
    }
    for (const { settle } of commits) settle?.(error);
  }

  /** Why the batch could not be written, if so. */
  async #write(batch: readonly Write[]): Promise<Error | undefined> {
    const more = this.#witness?.alongside(batch) ?? [];
    const writes = more.length === 0 ? batch : [...batch, ...more];
    let error: Error | undefined;
    try {
      if (writes.length > 0) await this.#store.write(writes);
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    this.#witness?.settled(error === undefined);
    return error;
  }

  /** Takes out whole commits, as many as one batch holds, but always one. */
  #takeBatch(): Batch {
    const writes: Write[] = [];
    let taken = 0;
    for (const commit of this.#waiting) {
      if (taken > 0 && writes.length + commit.writes.length > BATCH_MAX) break;
      writes.push(...commit.writes);
      taken++;
    }
    return { commits: this.#waiting.splice(0, taken), writes };
  }
}
