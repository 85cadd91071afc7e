/** A store in memory, for tests of what is kept of the past. */

import type { Write } from '../../../../agent/core/write.ts';
import type { FrozenReader, HistoryReader } from '../../../../agent/edges/history/history-store.ts';
import type { StoreEntry } from '../../../../agent/edges/store-reading.ts';

export class StoreDouble implements HistoryReader {
  readonly values = new Map<string, Uint8Array>();
  /** Called after each reading of a page, with how many entries it has. */
  onRead: (count: number) => void = () => {};
  bytesRead = 0;
  /** How often it is being kept as it was. */
  frozenNow = 0;

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
    const found = this.entries()
      .filter(([key]) => key >= from && key < to)
      .slice(0, most);
    for (const [, value] of found) this.bytesRead += value.length;
    this.onRead(found.length);
    return found;
  }

  frozen(): FrozenReader {
    const copy = new StoreDouble();
    for (const [key, value] of this.values) copy.values.set(key, value);
    copy.onRead = (count) => {
      this.bytesRead += copy.bytesRead;
      copy.bytesRead = 0;
      this.onRead(count);
    };
    this.frozenNow++;
    const thaw = async (): Promise<void> => {
      this.frozenNow--;
    };
    return Object.assign(copy, { [Symbol.asyncDispose]: thaw });
  }

  /** Bytes of all values whose keys begin so. */
  size(prefix: string): number {
    return this.entries().reduce(
      (sum, [key, value]) => (key.startsWith(prefix) ? sum + value.length : sum),
      0,
    );
  }
}
