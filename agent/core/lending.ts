/**
 * The rules of lending: who gets a seat, who keeps it, when it comes back. Decisions are values;
 * the bytes that carry them and the disk that remembers them are somebody else's.
 */

import { type LeaseId, leaseId } from '../../protocol/ids.ts';
import { agentDeadline } from '../../protocol/lease-time.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { Request, SeatWish } from '../../protocol/requests.ts';
import { after, type Instant, type Moment, type Seconds } from '../../protocol/units.ts';
import type { DeadlineHeap } from './deadline-heap.ts';
import type { Write } from './effects.ts';
import type { JudgedHost } from './judged-host.ts';
import type { LeaseBook } from './lease-book.ts';
import { encodeLeaseRecord, type LeaseRecord, leaseStoreKey } from './lease-record.ts';
import {
  coversFeatures,
  type LicenseShelf,
  poolsForClass,
  type ShelvedLicense,
} from './license-shelf.ts';
import { licenseStanding, renewalRefusal } from './license-standing.ts';
import type { SeatPool } from './seat-pool.ts';
import { SESSION_IDLE, type SessionTable } from './session-table.ts';

export type Acquire = Extract<Request, { kind: 'acquire' }>;

export type AcquireDecision =
  /** A seat is counted; speak of it when `write` is on the disk. */
  | { readonly kind: 'granted'; readonly write: Write }
  /** The acquire of a lease that is held already: its answer was lost, give it again. */
  | { readonly kind: 'held'; readonly term: Seconds }
  /** Its answer is on the way, or it was overtaken by a later request. */
  | { readonly kind: 'nothing' }
  /** It was refused before, or its lease is ending: say so again. */
  | { readonly kind: 'refused-again'; readonly code: RefusalCode }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly inUse: number;
      readonly seats: number;
      /** Forgets the seat of an earlier acquire that this one replaces. */
      readonly write?: Write;
    };

export type RenewDecision =
  | { readonly kind: 'renewed'; readonly term: Seconds }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

export class Lending {
  readonly #sessions: SessionTable;
  readonly #book: LeaseBook;
  readonly #shelf: LicenseShelf;
  readonly #deadlines: DeadlineHeap;

  constructor(parts: {
    readonly sessions: SessionTable;
    readonly book: LeaseBook;
    readonly shelf: LicenseShelf;
    readonly deadlines: DeadlineHeap;
  }) {
    this.#sessions = parts.sessions;
    this.#book = parts.book;
    this.#shelf = parts.shelf;
    this.#deadlines = parts.deadlines;
  }

  /** Decides on an acquire. Asked twice with one id, it answers the same once. */
  acquire(slot: number, request: Acquire, at: Moment, host: JudgedHost): AcquireDecision {
    if (request.id <= this.#sessions.lastId(slot)) return this.#repeat(slot, request, at);
    this.#sessions.setLastId(slot, request.id);
    // A client asks again under a new id when it has given up waiting for the first answer.
    const forget = this.#book.holds(slot) ? this.giveBack(slot, at.mono) : undefined;
    const choice = choosePool(this.#shelf, request.wish, at, host);
    if (choice.kind === 'refused') {
      this.#sessions.setLastRefusal(slot, choice.code);
      return forget ? { ...choice, write: forget } : choice;
    }
    const { license } = choice.shelved;
    const record: LeaseRecord = {
      clientKey: this.#sessions.clientKey(slot),
      requestId: request.id,
      licenseId: license.id,
      class: choice.pool.class,
      term: license.term,
      granted: at.wall,
      holder: request.wish.holder,
      ending: undefined,
    };
    choice.pool.take();
    this.#enter(slot, record, choice.pool, 'writing', at.mono);
    return {
      kind: 'granted',
      write: { key: leaseStoreKey(record.clientKey), value: encodeLeaseRecord(record) },
    };
  }

  #repeat(slot: number, request: Acquire, at: Moment): AcquireDecision {
    if (!this.#book.holds(slot)) {
      const code = this.#sessions.lastRefusal(slot);
      const same = request.id === this.#sessions.lastId(slot);
      return same && code !== undefined ? { kind: 'refused-again', code } : { kind: 'nothing' };
    }
    const same = this.#book.requestId(slot) === request.id;
    if (!same || this.#book.phase(slot) === 'writing') return { kind: 'nothing' };
    const code = this.#book.ending(slot);
    if (code !== undefined) return { kind: 'refused-again', code };
    const term = this.#book.term(slot);
    this.#deadlines.set(slot, agentDeadline(at.mono, term));
    return { kind: 'held', term };
  }

  #enter(
    slot: number,
    record: LeaseRecord,
    pool: SeatPool,
    phase: 'writing' | 'held',
    now: Instant,
  ): void {
    const { requestId, term, granted, holder } = record;
    this.#book.enter(slot, { pool, requestId, term, granted, holder, phase });
    this.#deadlines.set(slot, agentDeadline(now, term));
  }

  /** Gives the lease one more term, or says why not; then it still counts until it has lapsed. */
  renew(slot: number, at: Moment): RenewDecision {
    if (!this.#book.holds(slot) || this.#book.phase(slot) === 'writing') {
      return { kind: 'refused', code: 'not-held' };
    }
    const code = this.#book.ending(slot) ?? this.#refuseLicense(slot, at);
    if (code !== undefined) return { kind: 'refused', code };
    const term = this.#book.term(slot);
    this.#deadlines.set(slot, agentDeadline(at.mono, term));
    return { kind: 'renewed', term };
  }

  #refuseLicense(slot: number, at: Moment): RefusalCode | undefined {
    const shelved = this.#shelf.get(this.#book.pool(slot).licenseId);
    if (shelved === undefined) return 'license-removed';
    return renewalRefusal(shelved.license, at.wall);
  }

  /** From now on the lease is not renewed, for this reason; it counts until released or lapsed. */
  end(slot: number, reason: RefusalCode): Write {
    this.#book.end(slot, reason);
    const clientKey = this.#sessions.clientKey(slot);
    const lease = this.#book.read(slot);
    const record = { ...lease, clientKey, class: lease.pool.class };
    return { key: leaseStoreKey(clientKey), value: encodeLeaseRecord(record) };
  }

  /** Takes back a seat that nobody has heard of, for a reason that is told whenever it is asked. */
  withdraw(slot: number, code: RefusalCode, now: Instant): Write {
    // A later request than the acquire has the last word.
    if (this.#sessions.lastId(slot) === this.#book.requestId(slot)) {
      this.#sessions.setLastRefusal(slot, code);
    }
    return this.giveBack(slot, now);
  }

  /** Takes the seat back: released, lapsed or struck by the administrator. Its session stays. */
  giveBack(slot: number, now: Instant): Write {
    this.#book.strike(slot);
    this.#deadlines.set(slot, after(now, SESSION_IDLE));
    return { key: leaseStoreKey(this.#sessions.clientKey(slot)), value: null };
  }

  /** Puts a stored lease back with one fresh term, so that a restart throws nobody out. */
  restore(record: LeaseRecord, now: Instant): void {
    if (this.#sessions.find(record.clientKey) >= 0) return;
    const slot = this.#sessions.open(record.clientKey);
    this.#sessions.setLastId(slot, record.requestId);
    const pool = this.#shelf.pool(record.licenseId, record.class);
    pool.recall();
    this.#enter(slot, record, pool, 'held', now);
    if (record.ending !== undefined) this.#book.end(slot, record.ending);
  }

  /** The lease's name: the start of its session's key. */
  leaseId(slot: number): LeaseId {
    return leaseId(this.#sessions.clientKey(slot));
  }
}

type Choice =
  | { readonly kind: 'chosen'; readonly shelved: ShelvedLicense; readonly pool: SeatPool }
  | Extract<AcquireDecision, { kind: 'refused' }>;

/** Reasons in the order in which they say most: of several licenses' refusals the last one is told. */
const TELLING: readonly RefusalCode[] = [
  'no-license',
  'license-expired',
  'license-pending',
  'not-activated',
  'unknown-host',
  'container-host',
  'virtual-host',
  'no-feature',
  'no-class',
  'no-seat',
];

/**
 * A pool with a free seat among the licenses that cover the request: the first of the class that
 * was asked for, and generic seats, which serve anyone, only when no license has one.
 */
const choosePool = (
  shelf: LicenseShelf,
  request: SeatWish,
  at: Moment,
  host: JudgedHost,
): Choice => {
  let code: RefusalCode = 'no-license';
  let generic: Choice | undefined;
  let inUse = 0;
  let seats = 0;
  for (const shelved of shelf.ofProduct(request.product)) {
    const refusal = refuseRequest(shelved, request, at, host);
    if (refusal !== undefined) {
      if (TELLING.indexOf(refusal) > TELLING.indexOf(code)) code = refusal;
      continue;
    }
    for (const pool of poolsForClass(shelved, request.class)) {
      if (pool.free > 0 && pool.class === request.class) return { kind: 'chosen', shelved, pool };
      if (pool.free > 0) generic ??= { kind: 'chosen', shelved, pool };
      inUse += pool.lent;
      seats += pool.licensed;
    }
    code = 'no-seat';
  }
  return generic ?? { kind: 'refused', code, inUse, seats };
};

const refuseRequest = (
  shelved: ShelvedLicense,
  request: SeatWish,
  at: Moment,
  host: JudgedHost,
): RefusalCode | undefined => {
  const standing = licenseStanding(shelved.license, at.wall, host).refusal;
  if (standing !== undefined) return standing;
  if (!coversFeatures(shelved.license, request.features)) return 'no-feature';
  return poolsForClass(shelved, request.class).length === 0 ? 'no-class' : undefined;
};
