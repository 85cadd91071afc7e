/** What a reading of the whole store has found, and what should have been there and was not. */

import { kindOf, StoreLedger, sealOf, unsealValue } from './store-ledger.ts';

export type StoreEntry = readonly [key: string, value: Uint8Array];

/** Damaged entries that are kept by name; of more only the number is. */
const NAMED_MAX = 1000;

export class StoreReading {
  /** The account of the whole entries. */
  readonly found = new StoreLedger();
  /** Entries that were changed on the disk, as they are now. */
  readonly damaged: StoreEntry[] = [];
  damagedCount = 0;
  /** By kind, entries that are gone. */
  missing: ReadonlyMap<string, number> = new Map();
  /** Kinds of which there are others than were written. */
  changed: readonly string[] = [];
  /** Why the reading ended early. */
  broken: string | undefined;

  /** The entry, if it is whole. */
  take(key: string, sealed: Uint8Array): readonly StoreEntry[] {
    const value = unsealValue(key, sealed);
    if (value === undefined) {
      this.damagedCount++;
      if (this.damaged.length < NAMED_MAX) this.damaged.push([key, new Uint8Array(sealed)]);
      return [];
    }
    this.found.add(key, sealOf(sealed));
    return [[key, value]];
  }

  broke(error: unknown): void {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    this.broken = cause instanceof Error ? cause.message : String(cause);
  }

  compare(expected: StoreLedger): void {
    this.changed = expected.differences(this.found);
    this.missing = new Map(
      this.changed.flatMap((kind) => {
        const gone = expected.count(kind) - this.found.count(kind);
        return gone > 0 ? [[kind, gone] as const] : [];
      }),
    );
  }

  get isSound(): boolean {
    return this.broken === undefined && this.damagedCount === 0 && this.changed.length === 0;
  }

  /** What is wrong, in words that fit behind a colon. */
  describe(): string {
    const words: string[] = [];
    for (const [kind, count] of this.missing) words.push(`${count} of kind ${kind} cannot be read`);
    const others = this.changed.filter((kind) => !this.missing.has(kind));
    if (others.length > 0) words.push(`others than were written of kind ${others.join(', ')}`);
    if (words.length === 0 && this.damaged.length > 0) {
      const kinds = new Set(this.damaged.map(([key]) => kindOf(key)));
      words.push(`${this.damagedCount} records are damaged (${[...kinds].join(', ')})`);
    }
    if (this.broken !== undefined) words.push(this.broken);
    return words.join('; ');
  }
}
