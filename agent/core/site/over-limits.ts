/**
 * Leases beyond what this member may count under a limit: it was dead for the others, and they have
 * its share by now. Those leases end softly, newest first, for none was renewed since it went.
 */

import { newestFirst } from '../children/shrinking.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import { weightOf } from '../seats/seat-claims.ts';
import type { Limits } from './limits.ts';

export interface OverLimitsParts {
  readonly book: LeaseBook;
  readonly limits: Pick<Limits, 'surplus'> | undefined;
}

/** Marks them; the slots that were marked now. */
export const endOverLimits = ({ book, limits }: OverLimitsParts): readonly number[] => {
  const left = new Map<string, number>();
  const marked: number[] = [];
  for (const slot of newestFirst(book)) {
    const claim = book.claim(slot);
    const over = claim.tallies.filter((key) => {
      const surplus = left.get(key) ?? limits?.surplus(key) ?? 0;
      left.set(key, surplus);
      return surplus > 0;
    });
    if (over.length === 0) continue;
    for (const key of over) {
      // Seats of a shared claim come back when the last who shares it has ended.
      if (claim.share === undefined) left.set(key, (left.get(key) ?? 0) - weightOf(claim));
    }
    if (book.ending(slot) !== undefined) continue;
    book.end(slot, 'seats-reduced');
    marked.push(slot);
  }
  return marked;
};
