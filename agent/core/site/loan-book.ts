/** The borrowed seats of a site, as this member knows them. */

import { borrowDeadline } from '../../../protocol/lease-time.ts';
import type { Instant, Moment } from '../../../protocol/units.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import { clientOfLoan, decodeLoan, type LoanRecord } from './loan-record.ts';
import type { RegisterEntry, RegisterRead, Revision } from './register.ts';
import { BORROWED_PREFIX, LOANS_KEY } from './site-keys.ts';

export interface KnownLoan {
  readonly clientKey: Uint8Array;
  readonly record: LoanRecord;
  readonly value: Uint8Array;
  readonly revision: Revision;
  /** It is over then, by what the calendar was when it was seen first. */
  readonly ends: Instant;
}

/** All loans there are. */
export const LOAN_READS: readonly RegisterRead[] = [
  { prefix: LOANS_KEY, since: 0 },
  { prefix: BORROWED_PREFIX, since: 0 },
];

export interface LoanBookParts {
  readonly book: LeaseBook;
  readonly sessions: SessionTable;
}

export class LoanBook {
  readonly #parts: LoanBookParts;
  #loans: ReadonlyMap<string, KnownLoan> = new Map();
  /** Of the key that every change of a loan writes; `undefined` while nothing was read. */
  #revision: Revision | undefined;
  #isStale = true;
  /** The register is not the one that this agent has known, and it has not joined by it yet. */
  #isAnew = false;

  constructor(parts: LoanBookParts) {
    this.#parts = parts;
  }

  get revision(): Revision {
    return this.#revision ?? 0;
  }

  /** What is known is not all that there is. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Nothing of this member's share is lent but what is borrowed. */
  get isAnew(): boolean {
    return this.#isAnew;
  }

  get size(): number {
    return this.#loans.size;
  }

  get(key: string): KnownLoan | undefined {
    return this.#loans.get(key);
  }

  all(): Iterable<readonly [key: string, loan: KnownLoan]> {
    return this.#loans;
  }

  /** The slot of the lease here that a loan is of, or −1. */
  slotOf({ clientKey, record }: KnownLoan): number {
    const { sessions, book } = this.#parts;
    const slot = sessions.find(clientKey);
    return slot >= 0 && book.holds(slot) && book.requestId(slot) === record.requestId ? slot : -1;
  }

  /** Loans that are in no lease here which is borrowed: they count all the same. */
  *elsewhere(): Iterable<LoanRecord> {
    const { borrowings } = this.#parts.book;
    for (const loan of this.#loans.values()) {
      if (!borrowings.has(this.slotOf(loan))) yield loan.record;
    }
  }

  /** Takes in all loans that the register has; `true` where that is news. */
  learn(entries: readonly RegisterEntry[], now: Moment): boolean {
    const revision = revisionIn(entries) ?? 0;
    if (this.#revision !== undefined && revision < this.#revision) return false;
    const isNews = this.#revision !== revision;
    this.#isStale = false;
    if (!isNews) return false;
    this.#revision = revision;
    const loans = new Map<string, KnownLoan>();
    for (const { key, value, revision } of entries) {
      if (!key.startsWith(BORROWED_PREFIX)) continue;
      const [clientKey, record] = [clientOfLoan(key), decodeLoan(value)];
      if (clientKey === undefined || record === undefined) continue;
      const known = this.#loans.get(key);
      const ends = known?.revision === revision ? known.ends : endOf(record, now);
      loans.set(key, { clientKey, record, value: value.slice(), revision, ends });
    }
    this.#loans = loans;
    return true;
  }

  /** The register is another one. */
  forgetAll(): void {
    this.#loans = new Map();
    this.#revision = undefined;
    this.#isStale = true;
    this.#isAnew = true;
  }

  /** This agent has joined. */
  join(): void {
    this.#isAnew = false;
  }

  /** Takes in that there was a change. */
  notice(entries: readonly RegisterEntry[]): void {
    const revision = revisionIn(entries);
    if (revision !== undefined && revision > this.revision) this.#isStale = true;
  }

  /** A loan whose time is over, by the calendar and by what it was before: one of them may be wrong. */
  over(now: Moment): string | undefined {
    for (const [key, { ends, record }] of this.#loans) {
      if (now.mono >= ends && now.mono >= endOf(record, now)) return key;
    }
    return undefined;
  }
}

const revisionIn = (entries: readonly RegisterEntry[]): Revision | undefined =>
  entries.find(({ key }) => key === LOANS_KEY)?.revision;

const endOf = ({ borrowing, counts }: LoanRecord, now: Moment): Instant =>
  borrowDeadline(now, { from: borrowing.from, until: counts });
