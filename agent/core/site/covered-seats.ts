/**
 * Leases here whose seats are not of this member's block: they are borrowed, and counted for the whole
 * site by their records. A pool that has lent them is granted as many more. They take up nothing of what
 * is reserved: whoever comes back with one comes to any member, and to the others its seat is like any.
 */

import type { LeaseBook } from '../seats/lease-book.ts';
import type { RecordPart } from '../seats/lease-record.ts';
import type { ClaimPart, SeatClaims } from '../seats/seat-claims.ts';
import type { SeatPool } from '../seats/seat-pool.ts';

export interface CoveredSeatsParts {
  readonly book: LeaseBook;
  readonly claims: SeatClaims;
}

export class CoveredSeats {
  readonly #parts: CoveredSeatsParts;
  readonly #bySlot = new Map<number, readonly ClaimPart[]>();
  /** Those whose records are known to be there. */
  readonly #counted = new Set<number>();

  constructor(parts: CoveredSeatsParts) {
    this.#parts = parts;
  }

  has(slot: number): boolean {
    return this.#bySlot.has(slot);
  }

  /** Seats of a pool that are lent here, and are of no block. */
  seatsOf(pool: SeatPool): number {
    return this.#sum(pool, true);
  }

  /** Seats of a pool that are lent here, and are of the block or of a record: that is not known yet. */
  pendingOf(pool: SeatPool): number {
    return this.#sum(pool, false);
  }

  #sum(pool: SeatPool, isCounted: boolean): number {
    if (this.#bySlot.size === 0 || pool.counting !== pool) return 0;
    let covered = 0;
    for (const [slot, parts] of this.#bySlot) {
      if (this.#counted.has(slot) !== isCounted) continue;
      for (const part of parts) if (part.pool === pool) covered += part.seats;
    }
    return covered;
  }

  /** The record of a lease is there: if nobody shares its seats, they are of no block. */
  count(slot: number, record: readonly RecordPart[]): void {
    if (this.#bySlot.has(slot) || this.cover(slot, record)) this.#counted.add(slot);
  }

  /**
   * The seats of a lease are to be counted by a record. `false`: others share them, so that they
   * stay in the block as well. Nobody comes to share them later.
   */
  cover(slot: number, record: readonly RecordPart[]): boolean {
    const { book, claims } = this.#parts;
    const number = book.claimNumber(slot);
    if (!claims.isPlain(number)) {
      if (claims.leasesOf(number) > 1) return false;
      claims.keepApart(number);
    }
    this.#putAway(slot, true);
    const parts = book.claim(slot).parts.flatMap(({ pool, seats }) => {
      const { counting } = pool;
      const isCounted = record.some(
        (part) => part.licenseId === counting.licenseId && part.class === counting.class,
      );
      return isCounted ? [{ pool: counting, seats }] : [];
    });
    this.#bySlot.set(slot, parts);
    return true;
  }

  /** They are of the block again. */
  uncover(slot: number): void {
    if (this.#forget(slot)) this.#putAway(slot, false);
  }

  #putAway(slot: number, isAway: boolean): void {
    const { book, claims } = this.#parts;
    book.reclaim(slot, claims.putAway(book.claimNumber(slot), isAway));
  }

  /** The lease in this slot is over: nobody else is lent what it was granted for. */
  leaseOver(slot: number): void {
    for (const { pool, seats } of this.#bySlot.get(slot) ?? []) {
      if (pool.counting === pool) pool.granted = Math.max(0, pool.granted - seats);
    }
    this.#forget(slot);
  }

  /** The register is another one: whether it has their records is not known yet. */
  forgetAll(): void {
    this.#counted.clear();
  }

  #forget(slot: number): boolean {
    this.#counted.delete(slot);
    return this.#bySlot.delete(slot);
  }
}
