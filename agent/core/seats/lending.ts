/**
 * The rules of lending: who gets a seat, who keeps it, when it comes back. Decisions are values;
 * the bytes that carry them and the disk that remembers them are somebody else's.
 */

import { type LeaseId, type LicenseId, leaseId } from '../../../protocol/ids.ts';
import { agentDeadline } from '../../../protocol/lease-time.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { Request, SeatWish } from '../../../protocol/requests.ts';
import { assert } from '../../../protocol/result.ts';
import {
  after,
  type Instant,
  type Moment,
  type Seconds,
  seconds,
} from '../../../protocol/units.ts';
import type { ReturnHold } from '../activation/return-hold.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import type { TrialLedger } from '../licenses/trial-ledger.ts';
import { isWorth } from '../sessions/granted-reply.ts';
import { SESSION_IDLE, type SessionTable } from '../sessions/session-table.ts';
import type { CoveredSeats } from '../site/covered-seats.ts';
import type { MovedSeats } from '../site/moved-seats.ts';
import type { DeadlineHeap } from '../tables/deadline-heap.ts';
import type { Write } from '../write.ts';
import { type Allocation, allocate } from './allocation.ts';
import type { AllocationParts, Awaited, SeatCounts } from './bid.ts';
import type { Lease, LeaseBook } from './lease-book.ts';
import { encodeLeaseRecord, type LeaseRecord, leaseStoreKey } from './lease-record.ts';
import { awaitedBefore, NOTHING_AWAITED } from './queue-group.ts';
import type { Renewing } from './renewing.ts';
import type { SeatClaim, SeatClaims } from './seat-claims.ts';
import type { WaitQueue } from './wait-queue.ts';

export type Acquire = Extract<Request, { kind: 'acquire' }>;

export type AcquireDecision =
  /** A seat is counted; speak of it when `writes` are on the disk. */
  | { readonly kind: 'granted'; readonly writes: readonly Write[] }
  /** The acquire of a lease that is held already: its answer was lost, give it again. */
  | { readonly kind: 'held'; readonly term: Seconds }
  /** Its answer is on the way, or it was overtaken by a later request. */
  | { readonly kind: 'nothing' }
  /** It was refused before, or its lease is ending: say so again. */
  | { readonly kind: 'refused-again'; readonly code: RefusalCode }
  /** No seat now; the caller may let it wait when it wishes to. */
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly counts: SeatCounts;
      /** Those that could lend, were there seats. */
      readonly licenses: readonly LicenseId[];
      /** Forgets the seat of an earlier acquire that this one replaces. */
      readonly write?: Write;
    };

type Allocated = Exclude<Allocation, { kind: 'refused' }>;

export interface LendingParts extends AllocationParts {
  readonly claims: SeatClaims;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly deadlines: DeadlineHeap;
  readonly queue: WaitQueue<number>;
  readonly returns: ReturnHold;
  readonly trials: TrialLedger;
  readonly renewing: Renewing;
  /** Seats that came from other members of a site are lent to nobody else for a while. */
  readonly moved: Pick<MovedSeats, 'leaseOver'> | undefined;
  /** Seats that the site counts for borrowed leases. */
  readonly covered: Pick<CoveredSeats, 'leaseOver'> | undefined;
}

export class Lending {
  readonly #parts: LendingParts;
  #seatsCameBack = false;
  #hasChanged = false;

  constructor(parts: LendingParts) {
    this.#parts = parts;
  }

  /** Who waits may be served by what he could have before: a place in the queue, a share of a site's seats. */
  queueChanged(): void {
    this.#seatsCameBack = true;
  }

  /** Seats may be for others than before, or more: a license, a stage, a rule, a user. */
  seatsChanged(): void {
    this.#seatsCameBack = true;
    this.#hasChanged = true;
  }

  /** Whether seats may be for others than when this was asked last. */
  takeChange(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }

  /** Whether seats have come back since this was asked last: somebody may wait for them. */
  takeNews(): boolean {
    const news = this.#seatsCameBack;
    this.#seatsCameBack = false;
    return news;
  }

  /**
   * Decides on an acquire. Asked twice with one id, it answers the same once. `isCalled`: it has
   * waited, and it is its turn. `proposed`: what it was found to get in this very step.
   */
  acquire(
    slot: number,
    request: Acquire,
    at: Moment,
    host: JudgedHost,
    isCalled = false,
    proposed?: Allocation,
  ): AcquireDecision {
    const { sessions, book } = this.#parts;
    if (request.id <= sessions.lastId(slot)) return this.#repeat(slot, request, at);
    sessions.setLastId(slot, request.id);
    // A client asks again under a new id when it has given up waiting for the first answer.
    const forget = book.holds(slot) ? this.giveBack(slot, at.mono) : undefined;
    const awaited = isCalled ? NOTHING_AWAITED : undefined;
    const known = isCalled || forget !== undefined ? undefined : proposed;
    const allocation = known ?? this.propose(slot, request.wish, at, host, awaited);
    if (allocation.kind === 'refused') {
      const { code, counts, licenses } = allocation;
      sessions.setLastRefusal(slot, code);
      return { kind: 'refused', code, counts, licenses, ...(forget ? { write: forget } : {}) };
    }
    return { kind: 'granted', writes: this.#grant(slot, request, allocation, at) };
  }

  /** What this session would get now. Takes nothing. `known`: what is awaited by those before it. */
  propose(slot: number, wish: SeatWish, at: Moment, host: JudgedHost, known?: Awaited): Allocation {
    const address = this.#parts.sessions.endpoint(slot)?.address ?? null;
    const awaited = known ?? awaitedBefore(this.#parts, wish, address);
    return allocate(this.#parts, { wish, address, wall: at.wall, host, awaited });
  }

  /** Takes the seats of an allocation for a lease to come; the number of its claim. */
  claim(allocation: Allocated): number {
    const { claims } = this.#parts;
    if (allocation.kind === 'claim') {
      const number = claims.open(allocation.claim);
      claims.join(number, 'lend');
      return number;
    }
    if (allocation.more !== undefined) claims.grow(allocation.number, allocation.more);
    claims.join(allocation.number, 'lend');
    return allocation.number;
  }

  /** Gives back what was claimed for a lease that did not come. */
  dropClaim(number: number): void {
    this.#parts.claims.leave(number);
    this.#seatsCameBack = true;
  }

  /** Lends what was allocated; what must be on the disk before it is spoken of. */
  #grant(slot: number, request: Acquire, allocation: Allocated, at: Moment): readonly Write[] {
    const number = this.claim(allocation);
    const claim = this.#parts.claims.get(number);
    const { id: requestId, wish } = request;
    const granted = at.wall;
    const term = this.#termOf(claim);
    const parts = claim.parts.length;
    const { holder } = wish;
    const [phase, borrowing] = ['writing', undefined] as const;
    // Field by field: of an object that is spread the engine makes a shape of its own each time.
    const lease = { claim: number, parts, requestId, term, granted, holder, phase, borrowing };
    this.#enter(slot, lease, at.mono);
    return [this.recordOf(slot), ...this.#beginTrials(claim, at)];
  }

  /** The shortest term of the licenses that a seat is of. */
  #termOf({ parts }: SeatClaim): Seconds {
    const terms = parts.map(
      ({ pool }) => this.#parts.shelf.get(pool.counting.licenseId)?.license.term,
    );
    const least = Math.min(...terms.map((term) => term ?? Number.POSITIVE_INFINITY));
    assert(Number.isFinite(least), 'a seat of a license that is not here was lent');
    return seconds(least);
  }

  #beginTrials({ parts }: SeatClaim, at: Moment): readonly Write[] {
    const { shelf, trials } = this.#parts;
    return parts.flatMap(({ pool }) => {
      const shelved = shelf.get(pool.counting.licenseId);
      if (shelved === undefined || shelved.license.trial === null) return [];
      return trials.begin(shelved.vendor, shelved.license.product, at.wall) ?? [];
    });
  }

  /** The write that makes the store know the lease as it is now, or as it would be with this ending. */
  recordOf(slot: number, ending = this.#parts.book.ending(slot)): Write {
    const { sessions, book, claims } = this.#parts;
    const clientKey = sessions.clientKey(slot);
    const { claim, requestId, term, granted, holder, borrowing } = book.read(slot);
    const { asked, overdraft, share } = claims.get(claim);
    const parts = book.parts(slot);
    // Field by field, as above.
    const record: LeaseRecord = {
      requestId,
      term,
      granted,
      holder,
      borrowing,
      ending,
      clientKey,
      product: parts[0]?.pool.product ?? '',
      parts: parts.map(({ pool, seats }) => {
        const { licenseId, class: className } = pool.counting;
        return { licenseId, class: className, seats };
      }),
      asked,
      overdraft,
      share,
    };
    return { key: leaseStoreKey(clientKey), value: encodeLeaseRecord(record) };
  }

  #repeat(slot: number, request: Acquire, at: Moment): AcquireDecision {
    const { sessions, book } = this.#parts;
    const same = request.id === sessions.lastId(slot);
    if (!book.holds(slot)) {
      const code = sessions.lastRefusal(slot);
      return same && code !== undefined ? { kind: 'refused-again', code } : { kind: 'nothing' };
    }
    if (book.requestId(slot) !== request.id || book.phase(slot) === 'writing')
      return { kind: 'nothing' };
    const code = this.#parts.renewing.refusalOf(slot, at);
    if (code !== undefined) return { kind: 'refused-again', code };
    if (!isWorth(this.#parts, book.parts(slot), request.wish))
      return { kind: 'refused-again', code: 'license-superseded' };
    return { kind: 'held', term: this.#parts.renewing.prolong(slot, at) };
  }

  #enter(slot: number, lease: Omit<Lease, 'ending'>, now: Instant): void {
    this.#parts.book.enter(slot, lease);
    this.#parts.deadlines.set(slot, agentDeadline(now, lease.term));
  }

  /** From now on the lease is not renewed, for this reason; it counts until released or lapsed. */
  end(slot: number, reason: RefusalCode): Write {
    this.#parts.book.end(slot, reason);
    return this.recordOf(slot);
  }

  /** Takes back a seat that nobody has heard of, for a reason that is told whenever it is asked. */
  withdraw(slot: number, code: RefusalCode, now: Instant): Write {
    const { sessions, book } = this.#parts;
    // A later request than the acquire has the last word.
    if (sessions.lastId(slot) === book.requestId(slot)) sessions.setLastRefusal(slot, code);
    return this.giveBack(slot, now);
  }

  /** Takes the seat back: released, lapsed or struck by the administrator. Its session stays. */
  giveBack(slot: number, now: Instant): Write {
    const { book, deadlines, sessions, moved, covered } = this.#parts;
    book.strike(slot);
    covered?.leaseOver(slot);
    moved?.leaseOver(slot);
    this.#seatsCameBack = true;
    deadlines.set(slot, after(now, SESSION_IDLE));
    return { key: leaseStoreKey(sessions.clientKey(slot)), value: null };
  }

  /** Puts a stored lease back with one fresh term, so that a restart throws nobody out. */
  restore(record: LeaseRecord, at: Moment): void {
    const { sessions, shelf, claims, book } = this.#parts;
    if (sessions.find(record.clientKey) >= 0) return;
    const slot = sessions.open(record.clientKey);
    sessions.setLastId(slot, record.requestId);
    const parts = record.parts.map(({ licenseId, class: className, seats }) => {
      return { pool: shelf.pool(licenseId, record.product, className), seats };
    });
    const { asked, overdraft, share, borrowing, requestId, term, granted, holder } = record;
    const claim = claims.reopen({ parts, asked, overdraft, share, tallies: [] });
    claims.join(claim, 'recall');
    const [seats, phase] = [parts.length, 'held'] as const;
    const lease = { claim, parts: seats, requestId, term, granted, holder, phase, borrowing };
    this.#enter(slot, lease, at.mono);
    if (record.ending !== undefined) book.end(slot, record.ending);
    if (borrowing !== undefined) this.#parts.renewing.resetDeadline(slot, at);
  }

  /** The lease's name: the start of its session's key. */
  leaseId(slot: number): LeaseId {
    return leaseId(this.#parts.sessions.clientKey(slot));
  }
}
