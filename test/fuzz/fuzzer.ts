/** A fuzzer that is led by coverage: an input that goes a new way is kept and changed further. */

import { Random } from '../simulation/random.ts';
import { Mutator } from './mutator.ts';
import type { Target } from './target.ts';

/** An input may take this long, in milliseconds; garbage collection included. */
const SLOW_MS = 1000;
/** Inputs kept at a time. */
const CORPUS_MAX = 4000;

export interface Found {
  readonly input: Uint8Array;
  readonly error: Error;
}

export interface FuzzOptions {
  readonly target: Target;
  readonly seed: number;
  /** Inputs that were kept before. */
  readonly corpus: readonly Uint8Array[];
  /** Inputs that somebody else found; those that go a new way count as found here. */
  readonly offered?: readonly Uint8Array[];
  /** How often each place in the code was passed; nothing is learned without. */
  readonly places: Uint8Array | undefined;
  readonly now: () => number;
  /** Sees each input before it is run. */
  readonly before?: (input: Uint8Array) => void;
}

export class Fuzzer {
  readonly #options: FuzzOptions;
  readonly #random: Random;
  readonly #mutator: Mutator;
  /** For each place, which orders of magnitude of passes were seen. */
  readonly #known: Uint8Array;
  readonly #kept: Uint8Array[] = [];
  readonly #gained: Uint8Array[] = [];
  #runs = 0;
  #places = 0;

  constructor(options: FuzzOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#mutator = new Mutator(this.#random, options.target);
    this.#known = new Uint8Array(options.places?.length ?? 0);
  }

  get runs(): number {
    return this.#runs;
  }

  /** Places in the code that some input has passed. */
  get places(): number {
    return this.#places;
  }

  /** Inputs that went a new way and were in neither the seeds nor the corpus. */
  get gained(): readonly Uint8Array[] {
    return this.#gained;
  }

  /** Runs the seeds, the corpus, and what comes of them until `end`; the first broken promise. */
  run(end: number): Found | undefined {
    const { target, corpus, offered = [], now } = this.#options;
    for (const input of [...target.seeds(), ...corpus]) {
      const found = this.#try(input, false);
      if (found !== undefined) return found;
    }
    for (const input of offered) {
      const found = this.#try(input, true);
      if (found !== undefined) return found;
    }
    if (this.#kept.length === 0) this.#kept.push(new Uint8Array());
    while (now() < end) {
      for (let i = 0; i < 64; i++) {
        const found = this.#try(this.#mutator.change(this.#pick(), this.#pick()), true);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** One of the kept inputs, a late one more often. */
  #pick(): Uint8Array {
    const { length } = this.#kept;
    const at = length - 1 - Math.floor(this.#random.skewed(0, length));
    const isLate = this.#random.chance(0.5);
    return this.#kept[isLate ? at : this.#random.whole(0, length - 1)] ?? new Uint8Array();
  }

  #try(input: Uint8Array, isNew: boolean): Found | undefined {
    const { target, places, now, before } = this.#options;
    places?.fill(0);
    before?.(input);
    this.#runs++;
    const began = now();
    try {
      target.run(input);
    } catch (error) {
      return { input, error: error instanceof Error ? error : new Error(String(error)) };
    }
    // A busy machine makes everything slow: what counts is the processor's time.
    const took = now() - began > SLOW_MS ? workOf(() => target.run(input)) : 0;
    if (took > SLOW_MS) return { input, error: new Error(`took ${Math.round(took)} ms`) };
    if (!this.#learn() || this.#kept.length >= CORPUS_MAX) return undefined;
    this.#kept.push(input);
    if (isNew) this.#gained.push(input);
    return undefined;
  }

  /** Whether the last run passed a place that none had passed, or far more often than any had. */
  #learn(): boolean {
    const { places } = this.#options;
    if (places === undefined) return false;
    const fours = new Uint32Array(places.buffer, places.byteOffset, places.length >> 2);
    let isNews = false;
    for (let i = 0; i < fours.length; i++) {
      // Most places are not passed, and they are looked at four at a time.
      if (fours[i] === 0) continue;
      for (let at = 4 * i; at < 4 * i + 4; at++) {
        if (this.#note(at, places[at] ?? 0)) isNews = true;
      }
    }
    return isNews;
  }

  #note(at: number, passes: number): boolean {
    if (passes === 0) return false;
    const mark = 1 << (31 - Math.clz32(passes));
    const known = this.#known[at] ?? 0;
    if ((known & mark) !== 0) return false;
    if (known === 0) this.#places++;
    this.#known[at] = known | mark;
    return true;
  }
}

/** Milliseconds of the processor's time. */
const workOf = (run: () => void): number => {
  const before = process.cpuUsage();
  run();
  return process.cpuUsage(before).user / 1000;
};
