/** Does what an administrator asks of seats: who holds them, who waits, and taking one back. */

import { GENERIC_CLASS } from '../../../protocol/license.ts';
import { REFUSALS } from '../../../protocol/refusal.ts';
import { assert } from '../../../protocol/result.ts';
import { between, type Moment } from '../../../protocol/units.ts';
import type { CommitQueue } from '../commit-queue.ts';
import { noMatch } from '../no-match.ts';
import { type Operation, type Outcome, refuseOperation } from '../operations.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { Situation } from '../situation.ts';
import type { DeadlineHeap } from '../tables/deadline-heap.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Lending } from './lending.ts';
import { type SeatClaims, weightOf } from './seat-claims.ts';
import type { SeatCounter } from './seat-counter.ts';
import type { SeatView, WaiterView } from './seat-view.ts';
import type { WaitingRoom } from './waiting-room.ts';

export interface SeatDeskParts {
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly claims: SeatClaims;
  readonly deadlines: DeadlineHeap;
  readonly lending: Lending;
  readonly waiting: WaitingRoom;
  readonly commits: CommitQueue;
  readonly seats: SeatCounter;
}

export type SeatOperation = Extract<Operation, { kind: `seat-${string}` }>;

export class SeatDesk {
  readonly #parts: SeatDeskParts;

  constructor(parts: SeatDeskParts) {
    this.#parts = parts;
  }

  perform(operation: SeatOperation, situation: Situation): Outcome {
    switch (operation.kind) {
      case 'seat-list': {
        const slots = [...this.#parts.book.slots()];
        return { kind: 'seat-list', seats: slots.map((slot) => this.view(slot, situation.at)) };
      }
      case 'seat-queue':
        return { kind: 'seat-queue', waiters: this.waiters(situation.at) };
      case 'seat-disconnect':
        return this.#disconnect(operation.id, operation.force, situation);
    }
  }

  /** Everybody who waits, in order. */
  waiters(at: Moment): readonly WaiterView[] {
    const { waiting, sessions } = this.#parts;
    return [...waiting.all()].map(({ slot, wish, waiter, turn, ahead, arrived }) => ({
      product: wish.product,
      class: wish.class ?? GENERIC_CLASS,
      resource: wish.resource,
      ...wish.holder,
      address: sessions.endpoint(slot)?.address ?? null,
      weight: wish.weight,
      priority: waiter.priority,
      ahead,
      turn,
      waited: Math.max(0, at.wall - arrived),
    }));
  }

  #disconnect(id: string, force: boolean, situation: Situation): Outcome {
    const { book, lending } = this.#parts;
    const slots = [...book.slots()].filter((slot) => lending.leaseId(slot).startsWith(id));
    const [slot] = slots;
    if (slot === undefined || slots.length > 1) return noMatch('seat', id, slots.length);
    if (book.borrowings.has(slot) && force) {
      return refuseOperation('borrowed', REFUSALS.borrowed.sentence);
    }
    const seat = this.endLease(slot, 'disconnected', force, situation);
    return { kind: 'seat-disconnect', seat, freed: force };
  }

  /**
   * Ends a lease, and tells its client. It counts until its client has let go of it, or until its
   * time is over; with `force` no longer, but for one that is borrowed.
   */
  endLease(
    slot: number,
    reason: 'disconnected' | 'recalled',
    force: boolean,
    { at, effects }: Situation,
  ): SeatView {
    const { book, lending, commits, seats } = this.#parts;
    const isBorrowed = book.borrowings.has(slot);
    const ended = lending.end(slot, reason);
    const seat = this.view(slot, at);
    if (force && !isBorrowed) {
      seats.takeBack(slot, `seat-${reason}`, at, effects);
      return seat;
    }
    effects.push(commits.commit([ended]));
    // A token out there is believed to its end: there is nothing to announce.
    if (!isBorrowed) seats.announceEnding(slot, at, effects);
    return seat;
  }

  view(slot: number, at: Moment): SeatView {
    const { book, claims, lending, deadlines, sessions } = this.#parts;
    const lease = book.read(slot);
    const claim = book.claim(slot);
    const pool = claim.parts[0]?.pool;
    assert(pool !== undefined, 'a lease of no seat');
    const left = between(at.mono, deadlines.deadline(slot));
    return {
      id: lending.leaseId(slot),
      product: pool.product,
      class: pool.class,
      license: pool.counting.licenseId,
      ...lease.holder,
      address: sessions.endpoint(slot)?.address ?? null,
      since: lease.granted,
      until: at.wall + Math.round(left / 1000),
      weight: weightOf(claim),
      shared: claims.leasesOf(lease.claim) > 1 && !claims.isPlain(lease.claim) ? lease.claim : null,
      overdraft: claim.overdraft,
      idle: book.idleTimes.last(slot),
      idled: book.idleTimes.total(slot),
      borrowed: lease.borrowing?.until ?? null,
      ending: lease.ending ?? null,
    };
  }
}
