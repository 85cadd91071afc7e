/** Counts leases by the rules as they are now: no lease is dropped by it, and no seat counted anew. */

import type { RuleBook } from '../rules/rule-book.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { LeaseBook } from './lease-book.ts';
import type { SeatClaims } from './seat-claims.ts';

export interface RecountParts {
  readonly book: LeaseBook;
  readonly claims: SeatClaims;
  readonly rules: RuleBook;
  readonly sessions: SessionTable;
}

/** Counts every lease anew. Those who share a claim are counted as who has held it longest. */
export const recountAll = (parts: RecountParts): void => {
  const { book, claims } = parts;
  const eldest = new Map<number, number>();
  for (const slot of book.slots()) {
    const number = book.claimNumber(slot);
    if (claims.get(number).share === undefined) recount(parts, slot);
    else {
      const other = eldest.get(number);
      if (other === undefined || isElder(book, slot, other)) eldest.set(number, slot);
    }
  }
  for (const slot of eldest.values()) recount(parts, slot);
};

/** Counts one lease anew, as its client is somewhere else now. */
export const recountOne = (parts: RecountParts, slot: number): void => {
  const { book, rules } = parts;
  // Who shares a claim may be anywhere: where one of them is tells nothing of the others.
  if (!rules.current.isEmpty && book.claim(slot).share === undefined) recount(parts, slot);
};

const recount = ({ book, claims, rules, sessions }: RecountParts, slot: number): void => {
  const address = sessions.endpoint(slot)?.address ?? null;
  const tallies = rules.tallies(book.read(slot).holder, book.claim(slot), address);
  book.reclaim(slot, claims.retally(book.claimNumber(slot), tallies));
};

const isElder = (book: LeaseBook, slot: number, other: number): boolean =>
  book.granted(slot) < book.granted(other) ||
  (book.granted(slot) === book.granted(other) && book.entry(slot) < book.entry(other));
