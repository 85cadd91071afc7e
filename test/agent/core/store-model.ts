/** What a store keeps of the writes given to it, for tests of what is restored from it. */

import type { Write } from '../../../agent/core/write.ts';

export class StoreModel {
  readonly #values: Map<string, Uint8Array>;

  constructor(entries: Iterable<readonly [string, Uint8Array]> = []) {
    this.#values = new Map(entries);
  }

  write(writes: readonly Write[]): void {
    for (const { key, value } of writes) {
      if (value === null) this.#values.delete(key);
      else this.#values.set(key, value);
    }
  }

  /** In the order of the keys, as a store gives them back. */
  entries(): readonly (readonly [string, Uint8Array])[] {
    return [...this.#values].sort(([left], [right]) => (left < right ? -1 : 1));
  }
}
