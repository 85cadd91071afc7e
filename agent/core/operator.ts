/** Does what an administrator asks; what is asked of licenses goes to their desk. */

import { REFUSALS } from '../../protocol/refusal.ts';
import { assert } from '../../protocol/result.ts';
import { between, type Moment } from '../../protocol/units.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Counters } from './counters.ts';
import type { DeadlineHeap } from './deadline-heap.ts';
import { summarizeProduct } from './discovery.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Lending } from './lending.ts';
import { LicenseDesk, type LicenseDeskParts } from './license-desk.ts';
import type { LicenseShelf } from './license-shelf.ts';
import {
  noMatch,
  type Operation,
  type Outcome,
  type SeatView,
  type StatusView,
} from './operations.ts';
import { weightOf } from './seat-claims.ts';
import type { SeatCounter } from './seat-counter.ts';
import type { SessionTable } from './session-table.ts';
import type { Situation } from './situation.ts';

export interface OperatorParts extends LicenseDeskParts {
  readonly name: string;
  readonly version: string;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly shelf: LicenseShelf;
  readonly deadlines: DeadlineHeap;
  readonly lending: Lending;
  readonly commits: CommitQueue;
  readonly seats: SeatCounter;
  readonly counters: Counters;
}

export class Operator {
  readonly #parts: OperatorParts;
  readonly #licenses: LicenseDesk;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
    this.#licenses = new LicenseDesk(parts);
  }

  /** Handles one operation; its answer is among the effects now or after a commit. */
  perform(number: number, operation: Operation, situation: Situation): void {
    const outcome = this.#outcome(number, operation, situation);
    if (outcome !== undefined) situation.effects.push({ kind: 'answer', number, outcome });
  }

  /** To be called when a change that waited for its commit has been answered. */
  changeEnded(situation: Situation): void {
    this.#licenses.changeEnded(situation);
  }

  #outcome(number: number, operation: Operation, situation: Situation): Outcome | undefined {
    switch (operation.kind) {
      case 'status':
        return { kind: 'status', status: this.#status(situation) };
      case 'license-add':
      case 'license-remove':
      case 'license-list':
      case 'license-show':
        return this.#licenses.perform(number, operation, situation);
      case 'seat-list': {
        const seats = [...this.#parts.book.slots()].map((slot) =>
          this.#seatView(slot, situation.at),
        );
        return { kind: 'seat-list', seats };
      }
      case 'seat-disconnect':
        return this.#disconnect(operation.id, operation.force, situation);
    }
  }

  #status({ at, host, storeFailing }: Situation): StatusView {
    const { name, version, shelf, judge, book, sessions, counters } = this.#parts;
    const products = [...shelf.products()].map((product) => {
      const { lent, total } = summarizeProduct({ shelf, judge }, product, at.wall, host);
      return { product, lent, seats: total };
    });
    return {
      name,
      version,
      host: host.verdict,
      products,
      licenses: shelf.size,
      leases: book.size,
      sessions: sessions.size,
      store: storeFailing ? 'failing' : 'working',
      counters: counters.toRecord(),
    };
  }

  #disconnect(id: string, force: boolean, situation: Situation): Outcome {
    const { book, lending, commits, seats } = this.#parts;
    const { at, effects } = situation;
    const slots = [...book.slots()].filter((slot) => lending.leaseId(slot).startsWith(id));
    const [slot] = slots;
    if (slot === undefined || slots.length > 1) return noMatch('seat', id, slots.length);
    const isBorrowed = book.borrowings.has(slot);
    if (isBorrowed && force) {
      return { kind: 'refused', code: 'borrowed', detail: REFUSALS.borrowed.sentence };
    }
    const ended = lending.end(slot, 'disconnected');
    const seat = this.#seatView(slot, at);
    if (force) seats.takeBack(slot, 'seat-disconnected', at, effects);
    else {
      effects.push(commits.commit([ended]));
      // A token out there is believed to its end: there is nothing to announce.
      if (!isBorrowed) seats.announceEnding(slot, at, effects);
    }
    return { kind: 'seat-disconnect', seat, freed: force };
  }

  #seatView(slot: number, at: Moment): SeatView {
    const { book, lending, deadlines, sessions } = this.#parts;
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
      overdraft: claim.overdraft,
      borrowed: lease.borrowing?.until ?? null,
      ending: lease.ending ?? null,
    };
  }
}
