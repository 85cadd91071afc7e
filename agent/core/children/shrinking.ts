/**
 * Fewer seats than are in use: nobody is thrown out in the middle of a term. What is beyond the
 * count is not renewed, newest first, and its holders are told at once.
 */

import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { SeatClaims } from '../seats/seat-claims.ts';
import type { SeatPool } from '../seats/seat-pool.ts';

export interface ShrinkingParts {
  readonly book: LeaseBook;
  readonly claims: SeatClaims;
  readonly shelf: LicenseShelf;
}

/** Marks the newest leases of every pool that has too many; the slots that were marked now. */
export const endSurplus = ({ book, claims, shelf }: ShrinkingParts): readonly number[] => {
  const surplus = new Map<SeatPool, number>();
  for (const pool of shelf.pools()) {
    // Seats of a license that was removed end as their renewals are refused.
    if (pool.surplus > 0 && shelf.get(pool.licenseId) !== undefined) {
      surplus.set(pool, pool.surplus);
    }
  }
  if (surplus.size === 0) return [];
  const marked: number[] = [];
  const left = new Map<number, number>();
  for (const slot of newestFirst(book)) {
    const number = book.claimNumber(slot);
    const parts = claims.get(number).parts.filter(({ pool }) => surplus.has(pool.counting));
    if (parts.every(({ pool }) => (surplus.get(pool.counting) ?? 0) <= 0)) continue;
    if (book.borrowings.has(slot)) continue;
    if (book.ending(slot) === undefined) {
      book.end(slot, 'seats-reduced');
      marked.push(slot);
    }
    // The seats of a shared claim come back when the last who shares it has ended.
    const others = (left.get(number) ?? claims.leasesOf(number)) - 1;
    left.set(number, others);
    if (others > 0 && !claims.isPlain(number)) continue;
    for (const { pool, seats } of parts) {
      surplus.set(pool.counting, (surplus.get(pool.counting) ?? 0) - seats);
    }
  }
  return marked;
};

/** All leases, those first that were granted last. */
export const newestFirst = (book: LeaseBook): readonly number[] =>
  [...book.slots()].sort(
    (one, other) => book.granted(other) - book.granted(one) || book.entry(other) - book.entry(one),
  );
