/**
 * Where leases here and loans of the site are kept alike. The register is right: a lease whose loan is
 * over ends, one whose loan is there is borrowed, and a borrowed one without gets one.
 */

import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { RequestOf } from '../../../protocol/requests.ts';
import type { Moment } from '../../../protocol/units.ts';
import type { CommitQueue } from '../commit-queue.ts';
import { type Borrowing, leaseStoreKey } from '../seats/lease-record.ts';
import type { Lending } from '../seats/lending.ts';
import type { Renewing } from '../seats/renewing.ts';
import type { Situation } from '../situation.ts';
import type { KnownLoan } from './loan-book.ts';
import { type LoanRecord, loanKey } from './loan-record.ts';
import { Loans, type LoansParts } from './loans.ts';
import type { MovedSeats } from './moved-seats.ts';
import { loanOf, renewalOf } from './own-loan.ts';
import type { RegisterEntry, Revision } from './register.ts';

export interface LoanDeskParts extends LoansParts {
  readonly moved: MovedSeats;
  readonly lending: Lending;
  readonly renewing: Renewing;
  readonly commits: CommitQueue;
}

/** Who wants a lease borrowed. `refuse`: why it may not be, by now. */
export interface LoanWish {
  readonly borrowing: Borrowing;
  readonly refuse: (at: Moment) => RefusalCode | undefined;
  readonly settle: (code: RefusalCode | undefined, situation: Situation) => void;
}

/** How a lease of a site's is over elsewhere. */
export type SiteEnd = 'seat-released' | 'seat-lapsed';

type Then = (situation: Situation) => void;

/** Takes back leases that are over. */
type TakeBack = (slot: number, why: SiteEnd, at: Moment, effects: Situation['effects']) => void;

export class LoanDesk {
  readonly #parts: LoanDeskParts;
  readonly #loans: Loans;
  /** Leases and loans may differ. */
  #mayDiffer = true;

  constructor(parts: LoanDeskParts) {
    this.#parts = parts;
    this.#loans = new Loans(parts);
  }

  /** Whether there is something to keep. */
  get isWaiting(): boolean {
    return this.#loans.isWaiting;
  }

  /** Has the site count a seat that is to be borrowed, or for longer. */
  lend(slot: number, { borrowing, refuse, settle }: LoanWish, at: Moment): void {
    const { sessions, book, moved } = this.#parts;
    const clientKey = sessions.clientKey(slot).slice();
    const entry = book.entry(slot);
    const isThere = (): boolean =>
      sessions.find(clientKey) === slot && book.holds(slot) && book.entry(slot) === entry;
    const key = loanKey(clientKey);
    const made = (known: KnownLoan | undefined): LoanRecord | null =>
      isThere() ? loanOf(this.#parts, { slot, borrowing, known }, at) : (known?.record ?? null);
    this.#loans.add(
      {
        key,
        clientKey,
        wanted: made,
        refuse: (now) => {
          if (!isThere()) return 'not-held';
          // Whoever had it of a dead member may believe in it yet.
          return moved.covers(slot) ? 'busy' : refuse(now);
        },
        settle: (code, situation) => {
          settle(code, situation);
          if (code === undefined && !isThere()) this.end(key, clientKey, situation.at);
        },
      },
      at.mono,
    );
  }

  /** Whether a renewal promises no more than the lease's loan does: a loan that is about to end grows. */
  mayRenew(slot: number, at: Moment): boolean {
    const { book, loans, sessions } = this.#parts;
    const borrowing = book.borrowings.get(slot);
    if (borrowing === undefined) return true;
    const known = loans.get(loanKey(sessions.clientKey(slot)));
    if (known === undefined || loans.slotOf(known) !== slot) return true;
    const left = known.record.counts - at.wall;
    const needed = renewalOf(book, slot);
    if (left < 2 * needed && !this.#loans.isChanging(loanKey(known.clientKey))) {
      this.lend(slot, { borrowing, refuse: () => undefined, settle: () => {} }, at);
    }
    return left >= needed;
  }

  /**
   * Whether a release waits for the register: its seat is borrowed. `then`: it is given back by now, and
   * nobody else can give it back again.
   */
  returns(slot: number, { id, returns }: RequestOf<'release'>, at: Moment, then: Then): boolean {
    const { sessions, book, loans } = this.#parts;
    if (loans.size === 0 && book.borrowings.size === 0) return false;
    const clientKey = sessions.clientKey(slot).slice();
    const key = loanKey(clientKey);
    if (this.#loans.isChanging(key)) return true;
    const known = loans.get(key);
    if (known === undefined || known.record.parts.length === 0) return false;
    // Who asked here, too, and was lent one elsewhere, withdraws here: what he took along stays his.
    if (returns !== true && loans.slotOf(known) !== slot) return false;
    if (id <= known.record.lastId) return false;
    this.end(key, clientKey, at, (situation) => {
      if (sessions.find(clientKey) === slot) then(situation);
    });
    return true;
  }

  /** Ends a loan: its seats are of this member's block then. */
  end(key: string, clientKey: Uint8Array, at: Moment, then: Then = () => {}): void {
    const wanted = (known: KnownLoan | undefined): LoanRecord | null => {
      if (known === undefined || this.#isForgotten(known)) return null;
      // Its own member may be away, or end before it hears of this: it finds that its lease is over.
      return { ...known.record, parts: [] };
    };
    const settle = (code: RefusalCode | undefined, situation: Situation): void => {
      this.#mayDiffer = true;
      if (code === undefined) then(situation);
    };
    this.#loans.add({ key, clientKey, wanted, refuse: () => undefined, settle }, at.mono);
  }

  /** Whether it is a loan of this member's, of a lease that its store does not have any more. */
  #isForgotten(known: KnownLoan): boolean {
    const { me, loans, commits } = this.#parts;
    if (known.record.member !== me || loans.slotOf(known) >= 0) return false;
    return !commits.isDoubtful(leaseStoreKey(known.clientKey));
  }

  /** Whether the site counts all that was borrowed here; what it does not yet it is asked to. */
  bring(at: Moment): boolean {
    const { book } = this.#parts;
    // What an older register has of it may end sooner than what was promised since.
    const left = [...book.borrowings].filter(([slot, { until }]) => {
      return (this.#loanOf(slot)?.record.borrowing.until ?? 0) < until;
    });
    for (const [slot] of left) this.#bring(slot, at);
    return left.length === 0;
  }

  /** The register is another one. */
  forgetAll(): void {
    const { loans, covered } = this.#parts;
    loans.forgetAll();
    covered.forgetAll();
    this.#mayDiffer = true;
  }

  /** The loan of a borrowed lease. */
  #loanOf(slot: number): KnownLoan | undefined {
    const { loans, sessions } = this.#parts;
    const known = loans.get(loanKey(sessions.clientKey(slot)));
    return known !== undefined && loans.slotOf(known) === slot ? known : undefined;
  }

  #bring(slot: number, at: Moment): void {
    const { book, sessions } = this.#parts;
    const borrowing = book.borrowings.get(slot);
    if (borrowing === undefined || this.#loans.isChanging(loanKey(sessions.clientKey(slot))))
      return;
    this.#loans.read();
    this.lend(slot, { borrowing, refuse: () => undefined, settle: () => {} }, at);
  }

  /** Takes in what the register has. `isAll`: it is all that there is. */
  learn(entries: readonly RegisterEntry[], isAll: boolean, now: Moment): void {
    const { loans } = this.#parts;
    if (!isAll) return loans.notice(entries);
    loans.join();
    loans.learn(entries, now);
    this.#cover();
    this.#mayDiffer = true;
  }

  #cover(): void {
    const { loans, covered } = this.#parts;
    for (const [, loan] of loans.all()) {
      const slot = loans.slotOf(loan);
      const { parts } = loan.record;
      if (slot >= 0 && parts.length > 0) covered.count(slot, parts);
    }
  }

  /** To be called once a beat. */
  beat(): void {
    this.#loans.beat();
  }

  /** Does what is due; `true`: pools are to be counted anew. */
  keep(situation: Situation, fence: Revision | undefined, takeBack: TakeBack): boolean {
    const { loans } = this.#parts;
    const { at } = situation;
    this.#loans.keep(situation, fence ?? (this.#isBringing ? 0 : undefined));
    const isNews = this.#loans.takeNews();
    this.#mayDiffer ||= isNews;
    if (fence === undefined || loans.isStale) return isNews;
    const over = loans.over(at);
    if (over !== undefined) this.#strike(over, at);
    if (!this.#mayDiffer) return isNews;
    this.#mayDiffer = false;
    this.#follow(situation, takeBack);
    return true;
  }

  /** What is over, and forgotten here, leaves the register, too. */
  #forget(key: string, loan: KnownLoan, at: Moment): void {
    if (this.#isForgotten(loan)) this.#strike(key, at);
    else if (this.#parts.loans.slotOf(loan) < 0) this.#mayDiffer = true;
  }

  get #isBringing(): boolean {
    const { book } = this.#parts;
    return book.borrowings.size > 0;
  }

  /** The time of a loan is over, whoever has lent it. */
  #strike(key: string, at: Moment): void {
    const known = this.#parts.loans.get(key);
    if (known === undefined || this.#loans.isChanging(key)) return;
    const { clientKey, revision } = known;
    this.#loans.add(
      {
        key,
        clientKey,
        wanted: (now) => (now?.revision === revision ? null : (now?.record ?? null)),
        refuse: () => undefined,
        settle: () => {
          this.#mayDiffer = true;
        },
      },
      at.mono,
    );
  }

  /** Makes the leases here what their loans say. */
  #follow(situation: Situation, takeBack: TakeBack): void {
    const { me, book, loans, sessions, lending, renewing, commits } = this.#parts;
    const { at, effects } = situation;
    this.#cover();
    for (const [slot, borrowing] of [...book.borrowings]) {
      if (this.#loans.isChanging(loanKey(sessions.clientKey(slot)))) continue;
      const loan = this.#loanOf(slot);
      // Who was sooner to find its time over has ended it: it is not lent anew for that.
      const isOver = at.wall >= borrowing.until;
      if (loan === undefined && !isOver) this.#bring(slot, at);
      else if (loan === undefined || loan.record.parts.length === 0) {
        takeBack(slot, isOver ? 'seat-lapsed' : 'seat-released', at, effects);
      }
    }
    for (const [key, loan] of loans.all()) {
      const slot = loans.slotOf(loan);
      if (loan.record.parts.length === 0 && loan.record.member === me) this.#forget(key, loan, at);
      if (slot < 0 || book.borrowings.has(slot) || this.#loans.isChanging(key)) continue;
      if (loan.record.parts.length === 0 || book.phase(slot) === 'writing') continue;
      // This agent has stopped before it had written that it was borrowed.
      book.setBorrowing(slot, loan.record.borrowing);
      renewing.resetDeadline(slot, at);
      effects.push(commits.commit([lending.recordOf(slot)]));
    }
  }
}
