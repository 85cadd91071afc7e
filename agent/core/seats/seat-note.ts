/** What the log and the statistics are told of a seat. */

import { assert } from '../../../protocol/result.ts';
import type { Note } from '../notes.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Lending } from './lending.ts';
import { weightOf } from './seat-claims.ts';

export type SeatNote = Extract<Note, { readonly lease: unknown }>;

export interface SeatNoteParts {
  readonly book: LeaseBook;
  readonly lending: Lending;
}

/** The seat as it is now: to be asked before it comes back. */
export const seatNote = (
  { book, lending }: SeatNoteParts,
  kind: SeatNote['kind'],
  slot: number,
): SeatNote => {
  const claim = book.claim(slot);
  const pool = claim.parts[0]?.pool;
  assert(pool !== undefined, 'a lease of no seat');
  const { product, class: className } = pool;
  const { holder, granted, borrowing } = book.read(slot);
  return {
    kind,
    lease: lending.leaseId(slot),
    license: pool.counting.licenseId,
    product,
    class: className,
    seats: weightOf(claim),
    since: granted,
    holder,
    overdraft: claim.overdraft,
    borrowed: borrowing !== undefined,
    idle: book.idleTimes.total(slot),
  };
};
