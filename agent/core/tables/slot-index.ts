/**
 * Finds the slot of a session key: open addressing with linear probing, in 256 shards so that
 * growing a full index never stalls a step. Keys are chosen by strangers, so the hash is seeded with
 * a secret multiplier for each word (Carter and Wegman's universal family).
 */

import type { BytesColumn } from './columns.ts';

const SHARDS = 256;
const WORDS = 4;
const FIRST_SIZE = 8;
const EMPTY = 0;

interface Shard {
  /** Slot plus one; zero is empty. A power of two long and at most half full. */
  places: Uint32Array;
  count: number;
}

export class SlotIndex {
  readonly #keys: BytesColumn;
  readonly #multipliers: readonly number[];
  readonly #shards: readonly Shard[];

  /** `keys` holds each slot's 32-byte key; `seed` is 16 secret random bytes. */
  constructor(keys: BytesColumn, seed: Uint8Array) {
    this.#keys = keys;
    this.#multipliers = Array.from({ length: WORDS }, (_, i) => readWord(seed, 4 * i) | 1);
    this.#shards = Array.from({ length: SHARDS }, () => ({
      places: new Uint32Array(FIRST_SIZE),
      count: 0,
    }));
  }

  /** The slot of the key that stands at `at`, or −1. */
  find(key: Uint8Array, at = 0): number {
    const hash = this.#hash(key, at);
    const { places } = this.#shard(hash);
    const mask = places.length - 1;
    for (let place = (hash >>> 8) & mask; ; place = (place + 1) & mask) {
      const entry = places[place] ?? EMPTY;
      if (entry === EMPTY) return -1;
      if (this.#keys.equals(entry - 1, key, at)) return entry - 1;
    }
  }

  /** Adds a slot whose key is set and not in the index. */
  add(slot: number): void {
    const hash = this.#hash(this.#keys.view(slot));
    const shard = this.#shard(hash);
    if (2 * ++shard.count > shard.places.length) this.#grow(shard);
    insert(shard.places, hash, slot);
  }

  /** Removes a slot that is in the index, closing the gap so that probing needs no tombstones. */
  remove(slot: number): void {
    const hash = this.#hash(this.#keys.view(slot));
    const shard = this.#shard(hash);
    const { places } = shard;
    const mask = places.length - 1;
    let gap = (hash >>> 8) & mask;
    while (places[gap] !== slot + 1) gap = (gap + 1) & mask;
    for (let place = (gap + 1) & mask; ; place = (place + 1) & mask) {
      const entry = places[place] ?? EMPTY;
      if (entry === EMPTY) break;
      const home = (this.#hash(this.#keys.view(entry - 1)) >>> 8) & mask;
      if (((place - home) & mask) < ((place - gap) & mask)) continue;
      places[gap] = entry;
      gap = place;
    }
    places[gap] = EMPTY;
    shard.count--;
  }

  #shard(hash: number): Shard {
    return this.#shards[hash & (SHARDS - 1)] as Shard;
  }

  #grow(shard: Shard): void {
    const grown = new Uint32Array(2 * shard.places.length);
    for (const entry of shard.places) {
      if (entry !== EMPTY) insert(grown, this.#hash(this.#keys.view(entry - 1)), entry - 1);
    }
    shard.places = grown;
  }

  #hash(key: Uint8Array, at = 0): number {
    let hash = 0;
    for (let i = 0; i < WORDS; i++) {
      hash = Math.imul(hash ^ readWord(key, at + 4 * i), this.#multipliers[i] ?? 1);
      hash ^= hash >>> 15;
    }
    return hash >>> 0;
  }
}

const insert = (places: Uint32Array, hash: number, slot: number): void => {
  const mask = places.length - 1;
  let place = (hash >>> 8) & mask;
  while (places[place] !== EMPTY) place = (place + 1) & mask;
  places[place] = slot + 1;
};

const readWord = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) |
  ((bytes[at + 1] ?? 0) << 8) |
  ((bytes[at + 2] ?? 0) << 16) |
  ((bytes[at + 3] ?? 0) << 24);
