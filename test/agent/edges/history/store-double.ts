/** A store in memory, for tests of what is kept of the past. */

import type { Write } from '../../../../agent/core/write.ts';
import type { HistoryReader } from '../../../../agent/edges/history/history-store.ts';
import type { StoreEntry } from '../../../../agent/edges/store-reading.ts';

export class StoreDouble implements HistoryReader {
  readonly values = new Map<string, Uint8Array>();

  write(writes: readonly Write[]): void {
    for (const { key, value } of writes) {
      if (value === null) this.values.delete(key);
      else this.values.set(key, value);
    }
  }

  entries(): readonly StoreEntry[] {
    return [...this.values].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  async get(keys: readonly string[]): Promise<readonly StoreEntry[]> {
    return keys.flatMap((key) => {
      const value = this.values.get(key);
      return value === undefined ? [] : [[key, value] as const];
    });
  }

  async between(from: string, to: string, most: number): Promise<readonly StoreEntry[]> {
    return this.entries()
      .filter(([key]) => key >= from && key < to)
      .slice(0, most);
  }

  /** Bytes of all values whose keys begin so. */
  size(prefix: string): number {
    return this.entries().reduce(
      (sum, [key, value]) => (key.startsWith(prefix) ? sum + value.length : sum),
      0,
    );
  }
}
