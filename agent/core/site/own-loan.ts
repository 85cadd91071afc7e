/** The loan of a lease that is here, as the register is to have it. */

import { driftMargin } from '../../../protocol/lease-time.ts';
import { epochSeconds, type Moment } from '../../../protocol/units.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { Borrowing } from '../seats/lease-record.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { KnownLoan, LoanBook } from './loan-book.ts';
import { type LoanRecord, partsOf } from './loan-record.ts';
import type { MemberId } from './site-keys.ts';

export interface OwnLoanParts {
  readonly me: MemberId;
  readonly book: LeaseBook;
  readonly sessions: SessionTable;
  readonly loans: Pick<LoanBook, 'slotOf'>;
}

export interface OwnLoan {
  readonly slot: number;
  readonly borrowing: Borrowing;
  /** As the register has it now. */
  readonly known: KnownLoan | undefined;
}

export const loanOf = (
  { me, book, sessions, loans }: OwnLoanParts,
  { slot, borrowing, known }: OwnLoan,
  at: Moment,
): LoanRecord => {
  const before = known !== undefined && loans.slotOf(known) === slot ? known.record : undefined;
  const { asked, parts } = book.claim(slot);
  const until = Math.max(borrowing.until, before?.borrowing.until ?? 0);
  // Renewals promise something, too: for so long nobody needs to ask for more.
  const counts = Math.max(until, at.wall + 4 * renewalOf(book, slot), before?.counts ?? 0);
  return {
    member: me,
    requestId: book.requestId(slot),
    parts: before?.parts ?? partsOf(parts),
    product: parts[0]?.pool.product ?? '',
    asked,
    holder: book.read(slot).holder,
    address: sessions.endpoint(slot)?.address ?? null,
    borrowing: { ...borrowing, until: epochSeconds(until) },
    counts: epochSeconds(counts),
    lastId: Math.max(sessions.lastId(slot), before?.lastId ?? 0),
  };
};

/** Seconds that a renewal promises, as the agent counts them. */
export const renewalOf = (book: LeaseBook, slot: number): number => {
  const term = book.term(slot);
  return term + Math.ceil(driftMargin(term) / 1000);
};
