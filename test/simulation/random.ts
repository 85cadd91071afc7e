/** A seeded source of chance: one seed draws the same world on every machine. */

/** The generator sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, whole numbers only. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 0x1_0000_0000) >>> 0;
    this.#c = 0x9e37_79b9;
    for (let i = 0; i < 15; i++) this.uint32();
  }

  /** A whole number of 32 bits. */
  uint32(): number {
    const drawn = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0;
    return drawn >>> 0;
  }

  /** At least 0, below 1. */
  unit(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.unit();
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor((most - least + 1) * this.unit());
  }

  /** Mostly near `least`, seldom near `most`. */
  skewed(least: number, most: number): number {
    const unit = this.unit();
    return least + (most - least) * unit * unit * unit;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(list: readonly [T, ...T[]]): T;
  pick<T>(list: readonly T[]): T | undefined;
  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(list.length * this.unit())];
  }

  bytes(size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) bytes[i] = this.uint32() >>> 24;
    return bytes;
  }

  /** A source of its own for one actor, whose draws then move nobody else's. */
  fork(): Random {
    return new Random(this.uint32() * 0x20_0000 + (this.uint32() >>> 11));
  }
}
