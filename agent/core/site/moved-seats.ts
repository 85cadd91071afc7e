/**
 * Seats that came to this member with leases of the dead.
 *
 * The register knows at a death how many seats the dead had, not whose leases they were. A ticket says
 * that a client had so many seats by one acquire, not that it has them still: it may have been late,
 * and another have the seat at the dead member by then. A client shows its ticket only while it
 * believes in its lease, and lets the dead have its seat back only when it has another: so of the two
 * at most one believes, and it is enough that nobody else gets a seat that was moved while either may.
 * Who believes by what the dead has lent stops within the dead's longest term and `GRACE` of the move
 * (`goneFrom`). Until then the seat counts here as lent: to the client that it came for, as long as
 * that has its lease here, and else to nobody, though it be given back before. Every member reads a
 * pool's shares and the moves that made them in one answer: no seat is there before it is withheld.
 *
 * What a late ticket takes is missing at the dead member, should it come back: it ends as many of its
 * leases softly, and by then they were not renewed since. So as many have stopped to believe when the
 * seats are lent here.
 *
 * A lease may go on and on. Whoever takes it over next withholds its seat, and for longer; here it was
 * taken from the share, and is withheld no more.
 */

import { bytesToHex } from '../../../protocol/bytes.ts';
import { assert } from '../../../protocol/result.ts';
import { type Instant, instant } from '../../../protocol/units.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { SeatClaims } from '../seats/seat-claims.ts';
import type { SeatPool } from '../seats/seat-pool.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import {
  decodeMoved,
  type MovedLease,
  type MovedRecord,
  movedKey,
  readMovedKey,
} from './moved-record.ts';
import type { RegisterEntry, Revision } from './register.ts';
import { type MemberId, MOVED_PREFIX, poolKey } from './site-keys.ts';
import { goneFrom } from './site-times.ts';

export interface MovedSeatsParts {
  readonly claims: Pick<SeatClaims, 'tallyMore'>;
  readonly me: MemberId;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
}

interface Moved extends MovedRecord {
  readonly lease: MovedLease;
  requestId: number;
  revision: Revision;
  /** Nobody believes any more by what the dead had lent. */
  readonly until: Instant;
  /** Where its seats count as lent to nobody. */
  withheld: SeatPool | undefined;
  /** Seats of others that are not counted as withheld while its client takes its own. */
  beside: number;
}

/** Where the register has a move. */
export interface MovedEntry {
  readonly key: string;
  readonly revision: Revision;
}

/** The lease of its client counts the seats that were moved. */
interface Covered {
  readonly moved: Moved;
  readonly pool: SeatPool;
}

export class MovedSeats {
  readonly #parts: MovedSeatsParts;
  /** All that are known of, by key, with when they are over. */
  readonly #known = new Map<string, Moved>();
  /** Own ones, by the key that they have should their leases go on at another member. */
  readonly #onward = new Map<string, Moved>();
  /** Own ones whose client has its lease here, by slot. */
  readonly #bySlot = new Map<number, Covered>();
  /** Whose leases of this member's others have taken over. */
  #gone: ReadonlySet<string> = new Set();
  /** Own ones whose pool is not here yet. */
  readonly #homeless = new Set<Moved>();
  #due: Instant | undefined;

  constructor(parts: MovedSeatsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#known.size;
  }

  /** When the next one is over. */
  get due(): Instant | undefined {
    return this.#due;
  }

  get(key: string): MovedRecord | undefined {
    return this.#known.get(key);
  }

  /** Takes in what was moved. `poolOf`: the pool of a key, where it is here. */
  learn(
    entries: readonly RegisterEntry[],
    now: Instant,
    poolOf: (poolKey: string) => SeatPool | undefined,
  ): void {
    for (const { key, value, revision } of entries) {
      if (!key.startsWith(MOVED_PREFIX)) continue;
      const [lease, record] = [readMovedKey(key), decodeMoved(value)];
      if (lease === undefined || record === undefined) continue;
      const known = this.#known.get(key);
      if (known !== undefined) {
        if (revision > known.revision) this.#rename(known, record.requestId, revision);
        continue;
      }
      const until = goneFrom(now, record.longest);
      const moved = { ...record, lease, revision, until, withheld: undefined, beside: 0 };
      this.#known.set(key, moved);
      if (this.#due === undefined || until < this.#due) this.#due = until;
      if (record.adopter === this.#parts.me) this.#arrive(moved, poolOf(record.poolKey));
      const gone = this.#onward.get(key);
      if (gone !== undefined) this.#goOn(gone);
    }
    this.#countGone();
  }

  /** Its client has asked anew: by another acquire it is to have its lease here. */
  #rename(moved: Moved, requestId: number, revision: Revision): void {
    this.#onward.delete(this.#onwardKey(moved));
    moved.requestId = requestId;
    moved.revision = revision;
    if (moved.adopter === this.#parts.me) this.#onward.set(this.#onwardKey(moved), moved);
  }

  #onwardKey({ lease: { clientKey }, requestId }: Moved): string {
    return movedKey({ member: this.#parts.me, clientKey, requestId });
  }

  #countGone(): void {
    const leases = [...this.#known.values()].map(({ lease }) => lease);
    const own = leases.filter(({ member }) => member === this.#parts.me);
    this.#gone = new Set(own.map(({ clientKey }) => bytesToHex(clientKey)));
  }

  /** Whether the client in this slot had a lease that another has taken over, and has none here. */
  isGone(slot: number): boolean {
    const { book, sessions } = this.#parts;
    if (this.#gone.size === 0 || book.holds(slot)) return false;
    return this.#gone.has(bytesToHex(sessions.clientKey(slot)));
  }

  /** Its seat is another member's by now. */
  #goOn(moved: Moved): void {
    this.#homeless.delete(moved);
    this.#giveBack(moved);
    moved.withheld = undefined;
    const slot = this.#parts.sessions.find(moved.lease.clientKey);
    if (this.#bySlot.get(slot)?.moved === moved) this.#bySlot.delete(slot);
  }

  /** It is known after a start, too, whether its client has it already. */
  #arrive(moved: Moved, pool: SeatPool | undefined): void {
    const { sessions, book } = this.#parts;
    const onward = this.#onwardKey(moved);
    this.#onward.set(onward, moved);
    if (this.#known.has(onward)) return;
    const slot = sessions.find(moved.lease.clientKey);
    if (slot >= 0 && book.holds(slot) && book.requestId(slot) === moved.requestId) {
      if (this.#cover(moved, slot)) return;
    }
    if (pool === undefined) this.#homeless.add(moved);
    else this.#withhold(moved, pool);
  }

  #withhold(moved: Moved, pool: SeatPool): void {
    pool.recall(moved.seats);
    this.#parts.claims.tallyMore(moved.limits, moved.seats);
    moved.withheld = pool;
  }

  #giveBack(moved: Moved): void {
    if (moved.withheld === undefined) return;
    moved.withheld.giveBack(moved.seats);
    this.#parts.claims.tallyMore(moved.limits, -moved.seats);
  }

  /** Leases here that others have taken over. */
  *away(): Iterable<number> {
    const { me, sessions, book } = this.#parts;
    for (const { lease } of this.#known.values()) {
      const slot = lease.member === me ? sessions.find(lease.clientKey) : -1;
      if (slot >= 0 && book.holds(slot) && book.requestId(slot) === lease.requestId) yield slot;
    }
  }

  /** A pool is here: what is withheld of it counts from now on. */
  settle(pool: SeatPool): void {
    if (this.#homeless.size === 0) return;
    for (const moved of this.#homeless) {
      if (moved.poolKey !== keyOf(pool)) continue;
      this.#homeless.delete(moved);
      this.#withhold(moved, pool);
    }
  }

  /** Whether the client of a moved lease may take its seats here, by this acquire. */
  waits(key: string, requestId: number): boolean {
    const moved = this.#known.get(key);
    return moved?.withheld !== undefined && moved.requestId === requestId;
  }

  /** A moved lease that waits here for another acquire of its client, and the revision of its record. */
  waiting(key: string): (MovedRecord & { readonly revision: Revision }) | undefined {
    const moved = this.#known.get(key);
    return moved?.withheld === undefined ? undefined : moved;
  }

  /** Lets the client of a moved lease take its seats: `false` where it has none to take. */
  lift(key: string): boolean {
    const moved = this.#known.get(key);
    if (moved?.withheld === undefined) return false;
    const pool = moved.withheld.counting;
    this.#giveBack(moved);
    // It has come with its seats: those of others that are withheld beyond the share are not in its way.
    const missing = Math.max(0, pool.lent + moved.seats - pool.licensed);
    moved.beside = Math.min(missing, this.#withheldOf(pool) - moved.seats);
    pool.giveBack(moved.beside);
    return true;
  }

  #withheldOf(pool: SeatPool): number {
    let seats = 0;
    for (const one of this.#known.values()) {
      if (one.withheld?.counting === pool) seats += one.seats;
    }
    return seats;
  }

  /** The client that they were lifted for was decided on: they are its, or withheld again. */
  lower(key: string, slot: number): void {
    const moved = this.#known.get(key);
    const pool = moved?.withheld;
    assert(moved !== undefined && pool !== undefined, 'seats were lowered that nobody has lifted');
    moved.withheld = undefined;
    pool.recall(moved.beside);
    if (!this.#parts.book.holds(slot) || !this.#cover(moved, slot)) this.#withhold(moved, pool);
  }

  /** Whether the lease in this slot counts the moved seats, from now on. */
  #cover(moved: Moved, slot: number): boolean {
    if (this.#bySlot.has(slot)) return false;
    const part = this.#parts.book
      .parts(slot)
      .find(({ pool, seats }) => seats >= moved.seats && keyOf(pool.counting) === moved.poolKey);
    if (part === undefined) return false;
    this.#bySlot.set(slot, { moved, pool: part.pool });
    return true;
  }

  /** Whether the seats of the lease in this slot may be believed in elsewhere, too. */
  covers(slot: number): boolean {
    return this.#bySlot.has(slot);
  }

  /** The lease in this slot is over: what it had by a move is lent to nobody for a while. */
  leaseOver(slot: number): void {
    const covered = this.#bySlot.get(slot);
    if (covered === undefined) return;
    this.#bySlot.delete(slot);
    this.#withhold(covered.moved, covered.pool);
  }

  /** Lets go of what is over. */
  end(now: Instant): readonly MovedEntry[] {
    if (this.#due === undefined || now < this.#due) return [];
    const over = [...this.#known].filter(([, { until }]) => now >= until);
    for (const [key, moved] of over) {
      this.#known.delete(key);
      this.#homeless.delete(moved);
      this.#giveBack(moved);
    }
    for (const [onward, { until }] of this.#onward) {
      if (now >= until) this.#onward.delete(onward);
    }
    for (const [slot, { moved }] of this.#bySlot) {
      if (now >= moved.until) this.#bySlot.delete(slot);
    }
    this.#countGone();
    const times = [...this.#known.values()].map(({ until }) => until);
    this.#due = times.length === 0 ? undefined : instant(Math.min(...times));
    return over.map(([key, { revision }]) => ({ key, revision }));
  }
}

const keyOf = ({ licenseId, class: className }: SeatPool): string => poolKey(licenseId, className);
