/** Numbers that differ between clients, and from one to the next: what keeps a crowd apart. */

export class Jitter {
  #state = 0;

  /** `key`: what no two clients have in common. The numbers follow from it; they are no secret. */
  constructor(key: Uint8Array) {
    for (const byte of key) this.#state = Math.imul(this.#state ^ byte, 0x0100_0193) + 1;
  }

  /** A number from 0 up to, but not, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }
}
