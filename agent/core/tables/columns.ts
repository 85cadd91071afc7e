/**
 * Columns: one value per slot in typed arrays, grown a chunk at a time, so that a million sessions
 * cost their bytes and no more, and growing never copies what is there. A slot that was never set
 * reads as zero.
 */

const CHUNK_BITS = 12;
const CHUNK_SIZE = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_SIZE - 1;

type NumberArray = Float64Array | Uint32Array | Uint8Array;

/** A column of numbers of one machine type. */
export class NumberColumn {
  readonly #make: (size: number) => NumberArray;
  readonly #chunks: NumberArray[] = [];

  constructor(make: (size: number) => NumberArray) {
    this.#make = make;
  }

  get(slot: number): number {
    return this.#chunks[slot >>> CHUNK_BITS]?.[slot & CHUNK_MASK] ?? 0;
  }

  set(slot: number, value: number): void {
    const index = slot >>> CHUNK_BITS;
    let chunk = this.#chunks[index];
    while (chunk === undefined) {
      this.#chunks.push(this.#make(CHUNK_SIZE));
      chunk = this.#chunks[index];
    }
    chunk[slot & CHUNK_MASK] = value;
  }
}

export const float64Column = (): NumberColumn => new NumberColumn((size) => new Float64Array(size));
export const uint32Column = (): NumberColumn => new NumberColumn((size) => new Uint32Array(size));
export const uint8Column = (): NumberColumn => new NumberColumn((size) => new Uint8Array(size));

/** A column of byte strings of one width. */
export class BytesColumn {
  readonly width: number;
  readonly #chunks: Uint8Array[] = [];

  constructor(width: number) {
    this.width = width;
  }

  /** A view of the slot's bytes, good until the slot is set again. */
  view(slot: number, from = 0, to = this.width): Uint8Array {
    const start = (slot & CHUNK_MASK) * this.width;
    return this.#chunk(slot).subarray(start + from, start + to);
  }

  set(slot: number, bytes: Uint8Array, at = 0): void {
    this.#chunk(slot).set(bytes, (slot & CHUNK_MASK) * this.width + at);
  }

  clear(slot: number): void {
    const start = (slot & CHUNK_MASK) * this.width;
    this.#chunk(slot).fill(0, start, start + this.width);
  }

  /** Whether the slot's bytes are those at `at`. */
  equals(slot: number, bytes: Uint8Array, at = 0): boolean {
    const chunk = this.#chunk(slot);
    const start = (slot & CHUNK_MASK) * this.width;
    for (let i = 0; i < this.width; i++) if (chunk[start + i] !== bytes[at + i]) return false;
    return true;
  }

  /** Copies bytes of the slot, from its `from`th on, as many as `target` takes. */
  read(slot: number, target: Uint8Array, from = 0): void {
    const chunk = this.#chunk(slot);
    const start = (slot & CHUNK_MASK) * this.width + from;
    for (let i = 0; i < target.length; i++) target[i] = chunk[start + i] ?? 0;
  }

  #chunk(slot: number): Uint8Array {
    const index = slot >>> CHUNK_BITS;
    let chunk = this.#chunks[index];
    while (chunk === undefined) {
      this.#chunks.push(new Uint8Array(CHUNK_SIZE * this.width));
      chunk = this.#chunks[index];
    }
    return chunk;
  }
}
