/**
 * Sums up what the agent lends, in memory for a minute and then in the store. Whoever renews comes by
 * here for one comparison; while nothing happens and nothing is lent there is no timer.
 */

import type { Moment } from '../../../protocol/units.ts';
import type { Effect } from '../../core/effects.ts';
import type { Event } from '../../core/events.ts';
import { type Level, UsageMeter } from '../../core/usage/usage-meter.ts';
import { DAY, type UsageTables } from '../../core/usage/usage-tables.ts';
import type { StoreEntry } from '../store-reading.ts';
import type { HistoryStore } from './history-store.ts';
import { UsageShelf } from './usage-shelf.ts';

/** What happened is in the store after so long: a crash loses no more than these seconds of it. */
const FLUSH_AFTER_MS = 60_000;
/** Seats that are held while nothing else happens are summed up this often. */
const RUNNING_EVERY_MS = 300_000;
/** Hours that wait to be written while the store cannot be; older ones are given up. */
const HOURS_WAITING_MAX = 72;

export interface UsageKeeperParts {
  readonly store: HistoryStore;
  readonly now: () => Moment;
  /** The seats of every license, as they are now. */
  readonly levels: () => Iterable<Level>;
}

export class UsageKeeper {
  readonly #parts: UsageKeeperParts;
  readonly #meter = new UsageMeter();
  readonly #shelf = new UsageShelf();
  #timer: NodeJS.Timeout | undefined;
  #isForNews = false;
  #flushing: Promise<void> | undefined;
  #stopped = false;

  constructor(parts: UsageKeeperParts) {
    this.#parts = parts;
  }

  /** Bytes that the sums take in the store. */
  get bytes(): number {
    return this.#shelf.bytes;
  }

  /** Sees what the store holds when the agent starts. */
  restored(entries: readonly StoreEntry[]): void {
    this.#shelf.restored(entries);
  }

  /** Sees what the agent was told and what it did; false where no seat has changed by it. */
  observe(event: Event, effects: readonly Effect[], at: Moment): boolean {
    if (event.kind === 'restored') return false;
    const [first] = effects;
    const isOneAnswer = effects.length === 1 && first?.kind === 'send';
    // Renewals, and what changes no seat.
    if (isOneAnswer || (effects.length === 0 && event.kind === 'datagram')) return false;
    this.#meter.look(this.#parts.levels(), at);
    for (const effect of effects) if (effect.kind === 'note') this.#meter.note(effect.note, at);
    if (this.#meter.isDirty) this.#wake(FLUSH_AFTER_MS, true);
    else if (this.#meter.isRunning) this.#wake(RUNNING_EVERY_MS, false);
    // An operation that changes something is seen when it is on the disk.
    return event.kind !== 'operator';
  }

  /** `isForNews`: sooner than a timer that waits for nothing new. */
  #wake(wait: number, isForNews: boolean): void {
    if (this.#stopped || (this.#timer !== undefined && !(isForNews && !this.#isForNews))) return;
    clearTimeout(this.#timer);
    this.#isForNews = isForNews;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.flush().finally(() => {
        if (this.#meter.isDirty || this.#meter.isRunning) this.#wake(RUNNING_EVERY_MS, false);
      });
    }, wait).unref();
  }

  /** Writes what is summed up so far; what cannot be written is tried again later. */
  async flush(): Promise<void> {
    // One after the other: each adds to what is stored.
    while (this.#flushing !== undefined) await this.#flushing;
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    const { store, now } = this.#parts;
    const at = now();
    const tables = this.#meter.take(at);
    if (tables.isEmpty) return;
    try {
      const writes = await this.#shelf.plan(store.reader(), tables, Math.floor(at.wall / DAY));
      await store.write(writes);
    } catch {
      this.#meter.putBack(newestOf(tables));
      await this.#recount();
    }
  }

  async #recount(): Promise<void> {
    try {
      await this.#shelf.recount(this.#parts.store.reader());
    } catch {
      // As the store cannot be read either, it is told of when it can.
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.flush();
  }
}

const newestOf = (tables: UsageTables): UsageTables => {
  const hours = [...tables.hours.keys()].sort((one, other) => one - other);
  for (const hour of hours.slice(0, -HOURS_WAITING_MAX)) tables.hours.delete(hour);
  return tables;
};
