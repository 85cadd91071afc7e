/** How leases go on: one more term, a notice that there is none, or the reason why not. */

import { agentDeadline, borrowDeadline, driftMargin } from '../../../protocol/lease-time.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import { between, instant, type Moment, type Seconds, seconds } from '../../../protocol/units.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { Limits } from '../site/limits.ts';
import type { NamedUsers } from '../site/named-users.ts';
import type { DeadlineHeap } from '../tables/deadline-heap.ts';
import type { LeaseBook } from './lease-book.ts';
import { isUnseated } from './named-seat.ts';

export type RenewDecision =
  | { readonly kind: 'renewed'; readonly term: Seconds }
  /** It goes on for `term` and no longer. */
  | { readonly kind: 'ending'; readonly term: Seconds; readonly code: RefusalCode }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

/** A client that does not use its seat has this long, in seconds, to use it after all. */
const IDLE_NOTICE = 60;

export interface RenewingParts {
  readonly book: LeaseBook;
  readonly deadlines: DeadlineHeap;
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
  readonly rules: RuleBook;
  readonly limits: Pick<Limits, 'isOver'> | undefined;
  readonly named: Pick<NamedUsers, 'admits'> | undefined;
  readonly sessions: SessionTable;
}

export class Renewing {
  readonly #parts: RenewingParts;

  constructor(parts: RenewingParts) {
    this.#parts = parts;
  }

  /** A lease that is borrowed lasts until its token ends, or a term, whichever is later. */
  prolong(slot: number, at: Moment): Seconds {
    const { book, deadlines } = this.#parts;
    const term = book.term(slot);
    const deadline = agentDeadline(at.mono, term);
    if (!book.borrowings.has(slot) || deadline > deadlines.deadline(slot))
      deadlines.set(slot, deadline);
    return term;
  }

  /** Gives the lease one more term, or says why not; then it still counts until it has lapsed. */
  renew(slot: number, idle: Seconds, at: Moment): RenewDecision {
    const { book } = this.#parts;
    if (!book.holds(slot) || book.phase(slot) === 'writing') {
      return { kind: 'refused', code: 'not-held' };
    }
    const ending = this.refusalOf(slot, at);
    if (ending !== undefined) return this.#endSoftly(slot, ending, at);
    if (idle > 0 && this.#isIdle(slot, idle)) {
      const term = seconds(Math.min(this.remaining(slot, at), IDLE_NOTICE));
      return { kind: 'ending', code: 'idle', term };
    }
    return { kind: 'renewed', term: this.prolong(slot, at) };
  }

  /** Why a lease is not given another term; `undefined` when it is. */
  refusalOf(slot: number, at: Moment): RefusalCode | undefined {
    return this.#endingOf(slot) ?? this.#refuseLicense(slot, at) ?? this.#refuseToken(slot, at);
  }

  /** What is out there ends in its time, and no later, where there are fewer seats than are lent. */
  #refuseToken(slot: number, at: Moment): RefusalCode | undefined {
    const { book } = this.#parts;
    if (this.#tokenLeft(slot, at) >= book.term(slot)) return undefined;
    const isOver = book.claim(slot).parts.some(({ pool }) => pool.counting.surplus > 0);
    return isOver ? 'seats-reduced' : undefined;
  }

  /** Seconds that its token has left, of a lease that is borrowed. */
  #tokenLeft(slot: number, { wall }: Moment): number {
    const borrowing = this.#parts.book.borrowings.get(slot);
    return borrowing === undefined ? Number.POSITIVE_INFINITY : Math.max(0, borrowing.until - wall);
  }

  /** Why it was decided to end a lease. Seats that came back undo a reduction for who is still here. */
  #endingOf(slot: number): RefusalCode | undefined {
    const { book } = this.#parts;
    const code = book.ending(slot);
    if (code !== 'seats-reduced') return code;
    const { parts, tallies } = book.claim(slot);
    if (parts.some(({ pool }) => pool.counting.surplus > 0)) return code;
    if (this.#parts.limits?.isOver(tallies) === true) return code;
    if (isUnseated(this.#parts.named, this.#parts, slot)) return code;
    book.end(slot, undefined);
    return undefined;
  }

  #refuseLicense(slot: number, at: Moment): RefusalCode | undefined {
    const { shelf, judge, book } = this.#parts;
    for (const { pool } of book.claim(slot).parts) {
      const shelved = shelf.get(pool.counting.licenseId);
      if (shelved === undefined) return 'license-removed';
      const code = judge.renewalRefusal(shelved, at.wall);
      if (code !== undefined) return code;
    }
    return undefined;
  }

  /** Who works is told and keeps the seat to the end of its term, unless somebody took it away. */
  #endSoftly(slot: number, code: RefusalCode, at: Moment): RenewDecision {
    const soft: readonly RefusalCode[] = [
      'seats-reduced',
      'license-expired',
      'trial-ended',
      'wrong-host',
      'activation-ended',
      'license-suspended',
      'license-revoked',
      'license-returned',
      'license-invalid',
      'site-child',
    ];
    // A borrowed seat is counted longer than its token says.
    const term = seconds(Math.min(this.remaining(slot, at), this.#tokenLeft(slot, at)));
    return soft.includes(code) && term > 0
      ? { kind: 'ending', code, term }
      : { kind: 'refused', code };
  }

  /** What is left of the term as the client counts it, without the agent's margin. */
  remaining(slot: number, at: Moment): Seconds {
    const { book, deadlines } = this.#parts;
    const left = between(at.mono, deadlines.deadline(slot)) - driftMargin(book.term(slot));
    return seconds(Math.max(0, Math.min(book.term(slot), Math.floor(left / 1000))));
  }

  #isIdle(slot: number, idle: Seconds): boolean {
    const { rules, sessions, book } = this.#parts;
    if (rules.current.isEmpty || book.borrowings.has(slot)) return false;
    const { holder } = book.read(slot);
    const limit = rules.idleLimit(
      holder,
      book.claim(slot),
      sessions.endpoint(slot)?.address ?? null,
    );
    return limit !== undefined && idle >= limit;
  }

  /** The lease lasts one more term from now, or until its token ends: a longer one was not written. */
  resetDeadline(slot: number, at: Moment): void {
    const { book, deadlines } = this.#parts;
    const borrowing = book.borrowings.get(slot);
    const deadline = agentDeadline(at.mono, book.term(slot));
    const borrowed = borrowing === undefined ? deadline : borrowDeadline(at, borrowing);
    deadlines.set(slot, instant(Math.max(borrowed, deadline)));
  }
}
