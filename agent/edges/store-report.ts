/** What is to be said of a store that was looked at as a whole. */

import type { StoreReading } from './store-reading.ts';

/** Damaged records that are named in a report. */
const NAMED_MAX = 20;

export interface StoreReport {
  /** Records that are whole, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Records that cannot be read any more, by kind, as far as that is known. */
  readonly missing: Readonly<Record<string, number>>;
  /** The first of those that are there and damaged. */
  readonly damaged: readonly string[];
  readonly damagedCount: number;
  /** What is wrong in one sentence's words; `null` where the store is sound. */
  readonly trouble: string | null;
}

export const reportReading = (reading: StoreReading, trouble: string | null): StoreReport => ({
  counts: Object.fromEntries(reading.found.counts),
  missing: Object.fromEntries(reading.missing),
  damaged: reading.damaged.slice(0, NAMED_MAX).map(([key]) => key),
  damagedCount: reading.damagedCount,
  trouble: trouble ?? (reading.isSound ? null : reading.describe()),
});
