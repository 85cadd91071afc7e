/** A disk under an agent: slow, sometimes failing, and after a power cut it has what it has. */

import type { Write } from '../../agent/core/write.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export interface DiskFaults {
  /** Milliseconds that a sync takes, mostly and seldom. */
  readonly sync: number;
  readonly slowSync: number;
  /** The share of slow ones. */
  readonly slowness: number;
}

export interface CommitListener {
  readonly committed: (ticket: number) => void;
  readonly failed: (ticket: number, reason: string) => void;
}

interface Batch {
  readonly ticket: number;
  readonly writes: readonly Write[];
}

/** A write that was reported as failed may be found on the disk all the same. */
const FAILED_YET_WRITTEN = 0.3;

export class Disk {
  /** What a restart would find. */
  readonly durable = new Map<string, Uint8Array>();
  readonly #world: World;
  readonly #random: Random;
  #faults: DiskFaults;
  #listener: CommitListener | undefined;
  #waiting: Batch[] = [];
  #writing: Batch | undefined;
  #failsUntil = 0;

  constructor(world: World, random: Random, faults: DiskFaults) {
    this.#world = world;
    this.#random = random;
    this.#faults = faults;
  }

  /** Everything stored, sorted by key, for an agent that starts and from now on listens. */
  open(listener: CommitListener): readonly (readonly [string, Uint8Array])[] {
    this.#listener = listener;
    return [...this.durable].sort(([left], [right]) => (left < right ? -1 : 1));
  }

  commit(ticket: number, writes: readonly Write[]): void {
    this.#waiting.push({ ticket, writes });
    if (this.#writing === undefined) this.#begin();
  }

  /** Whether nothing can be written now. */
  get fails(): boolean {
    return this.#world.now < this.#failsUntil;
  }

  /** Whether something could not be written at some time since this. */
  failedSince(time: number): boolean {
    return time < this.#failsUntil;
  }

  /** No write succeeds for a while. */
  fail(length: number): void {
    this.#failsUntil = this.#world.now + length;
  }

  /** From now on every write succeeds, and soon. */
  heal(): void {
    this.#failsUntil = 0;
    this.#faults = { sync: 5, slowSync: 5, slowness: 0 };
  }

  /** The power is cut: the batch under way is there wholly or not at all, the rest never was. */
  crash(): void {
    if (this.#writing !== undefined && this.#random.chance(0.5)) this.#apply(this.#writing);
    this.#listener = undefined;
    this.#writing = undefined;
    this.#waiting = [];
  }

  /** Everything that waits shares one sync, as in the real store's writer. */
  #begin(): void {
    const last = this.#waiting.at(-1);
    if (last === undefined) return;
    const batch = { ticket: last.ticket, writes: this.#waiting.flatMap((one) => one.writes) };
    this.#waiting = [];
    this.#writing = batch;
    const most = this.#random.chance(this.#faults.slowness)
      ? this.#faults.slowSync
      : this.#faults.sync;
    this.#world.in(this.#random.between(0.05, most), () => {
      // A crash in between has made it somebody else's batch.
      if (this.#writing === batch) this.#end(batch);
    });
  }

  #end(batch: Batch): void {
    const listener = this.#listener;
    this.#writing = undefined;
    const failed = this.#world.now < this.#failsUntil && batch.writes.length > 0;
    if (!failed || this.#random.chance(FAILED_YET_WRITTEN)) this.#apply(batch);
    if (failed) listener?.failed(batch.ticket, 'no space left on the simulated disk');
    else listener?.committed(batch.ticket);
    if (this.#writing === undefined) this.#begin();
  }

  #apply(batch: Batch): void {
    this.#world.isDirty = true;
    for (const { key, value } of batch.writes) {
      if (value === null) this.durable.delete(key);
      else this.durable.set(key, value);
    }
  }
}
