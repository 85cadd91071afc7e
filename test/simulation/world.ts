/** The true time of a simulated world, what happens in it, and a record of what has happened. */

import { createHash } from 'node:crypto';
import { EventQueue } from './event-queue.ts';

/** Sentences kept for the report of a failure. */
const TRACE_SIZE = 30;
/** Digested at once: a call into the hash costs more than the text. */
const CHUNK_SIZE = 16_384;

/** A promise that was broken; the message says how. */
export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, detail: string) {
    super(detail);
    this.invariant = invariant;
  }
}

export class World {
  readonly #queue = new EventQueue();
  readonly #hash = createHash('sha256');
  readonly #trace: { readonly at: number; readonly sentence: string }[] = [];
  readonly #eventsMax: number;
  #text = '';
  #now = 0;
  #events = 0;
  #noted = 0;
  /** Called after every event that may have changed what the watch looks at. */
  watch: () => void = () => {};
  /** Something has happened that the watch has to look at. */
  isDirty = true;

  /** `eventsMax`: a world that needs more is caught in a loop. */
  constructor(eventsMax: number) {
    this.#eventsMax = eventsMax;
  }

  /** True time in milliseconds; no host knows it. */
  get now(): number {
    return this.#now;
  }

  get events(): number {
    return this.#events;
  }

  /** Plans something for a true time, or for now when that is over. */
  at(time: number, run: () => void): void {
    this.#queue.add(Math.max(time, this.#now), run);
  }

  in(delay: number, run: () => void): void {
    this.at(this.#now + delay, run);
  }

  /** Records what has happened, for people and for the digest. */
  note(sentence: string, bytes?: Uint8Array): void {
    this.#trace[this.#trace.length < TRACE_SIZE ? this.#trace.length : this.#oldest()] = {
      at: this.#now,
      sentence,
    };
    this.#text += `${this.#now} ${sentence}\n`;
    if (bytes !== undefined) this.#text += Buffer.from(bytes).toString('latin1');
    if (this.#text.length > CHUNK_SIZE) this.#flush();
  }

  #oldest(): number {
    return this.#noted++ % TRACE_SIZE;
  }

  #flush(): void {
    this.#hash.update(this.#text, 'latin1');
    this.#text = '';
  }

  /** Lets everything happen that is planned up to a true time. */
  runUntil(time: number): void {
    for (;;) {
      const next = this.#queue.take(time);
      if (next === undefined) break;
      this.#now = next.at;
      if (++this.#events > this.#eventsMax) {
        throw new Violation('nobody waits busily', `more than ${this.#eventsMax} events`);
      }
      next.run();
      if (!this.isDirty) continue;
      this.isDirty = false;
      this.watch();
    }
    this.#now = time;
  }

  /** The last things noted, oldest first, one sentence each. */
  trace(): readonly string[] {
    const start = this.#noted % TRACE_SIZE;
    const ordered = [...this.#trace.slice(start), ...this.#trace.slice(0, start)];
    return ordered.map(({ at, sentence }) => `${(at / 1000).toFixed(4)} s  ${sentence}`);
  }

  /** Names everything noted so far; to be asked once. */
  digest(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }
}
