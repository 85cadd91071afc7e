/**
 * Who waits for a seat: a place in the queue, a turn when a seat comes back, and the end of it for
 * who does not take it. A waiter asks again every few seconds; one that is silent is forgotten.
 */

import type { RefusalCode } from '../../protocol/refusal.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import {
  after,
  type Millis,
  type Moment,
  millis,
  type Seconds,
  seconds,
} from '../../protocol/units.ts';
import type { JudgedHost } from './judged-host.ts';
import { type Acquire, type Lending, type LendingParts, queueGroup } from './lending.ts';
import { SESSION_IDLE } from './session-table.ts';
import type { Waiter } from './wait-queue.ts';

/** A waiter asks again within so many seconds. */
const ASK_WITHIN: Seconds = seconds(5);
/** One whose turn it is acquires within so many seconds. */
const TURN: Seconds = seconds(10);
/** Beyond those times a waiter is given this much for the network, in milliseconds. */
const GRACE_MS = 10_000;

/** What a waiter is told. */
export interface Place {
  /** Waiters for the same seats that come before. */
  readonly ahead: number;
  readonly turn: boolean;
  readonly seconds: Seconds;
}

/** One who waits, for people to see. */
interface Waiting {
  readonly slot: number;
  readonly wish: SeatWish;
  readonly waiter: Waiter;
  readonly turn: boolean;
  readonly ahead: number;
}

/** What became of a waiter when seats came back. */
export type Called =
  | { readonly kind: 'turn'; readonly slot: number }
  | { readonly kind: 'refused'; readonly slot: number; readonly code: RefusalCode };

/** Refusals that pass: who wishes to may wait. */
const PASSING: readonly RefusalCode[] = ['no-seat', 'reserved', 'limit-reached', 'holding-off'];

const patience = (within: Seconds): Millis => millis(within * 1000 + GRACE_MS);

export class WaitingRoom {
  readonly #parts: LendingParts;
  readonly #lending: Lending;
  readonly #wishes = new Map<number, SeatWish>();
  #sequence = 0;

  constructor(parts: LendingParts, lending: Lending) {
    this.#parts = parts;
    this.#lending = lending;
  }

  /** Whether one refused for this reason may wait. */
  admits(code: RefusalCode): boolean {
    return PASSING.includes(code);
  }

  holds(slot: number): boolean {
    return this.#parts.queue.has(slot);
  }

  /**
   * Lets a session that was refused for this reason wait, in its old place when it has waited for
   * the same; false when the queue is full.
   */
  enter(slot: number, { wish }: Acquire, code: RefusalCode, at: Moment): boolean {
    const { queue, rules, sessions } = this.#parts;
    const group = queueGroup(wish);
    if (queue.get(slot)?.group !== group) this.leave(slot, at);
    if (!queue.has(slot)) {
      const address = sessions.endpoint(slot)?.address ?? null;
      const priority = rules.priority(wish, address);
      const waiter = { slot, group, priority, since: at.mono, sequence: ++this.#sequence };
      if (!queue.add(waiter)) return false;
    }
    queue.setYielding(slot, code === 'limit-reached');
    this.#wishes.set(slot, wish);
    return true;
  }

  /** Everybody who waits, in order. */
  *all(): Iterable<Waiting> {
    const { queue } = this.#parts;
    for (const waiter of queue.inOrder()) {
      const { slot } = waiter;
      const wish = this.#wishes.get(slot);
      if (wish === undefined) continue;
      yield { slot, wish, waiter, turn: queue.turn(slot) !== undefined, ahead: queue.ahead(slot) };
    }
  }

  /**
   * The rules have changed: everybody waits on by the new ones, in the order of coming. What was kept
   * for those whose turn it was comes back, for who is first now.
   */
  rearrange(): void {
    const { queue, rules, sessions } = this.#parts;
    for (const { slot, wish, waiter } of [...this.all()]) {
      const claim = queue.turn(slot);
      queue.remove(slot);
      if (claim !== undefined) this.#lending.dropClaim(claim);
      const priority = rules.priority(wish, sessions.endpoint(slot)?.address ?? null);
      queue.add({ ...waiter, priority });
    }
  }

  /** Where a waiter stands, and that it was heard. */
  place(slot: number, at: Moment): Place {
    const { queue, deadlines } = this.#parts;
    const turn = queue.turn(slot) !== undefined;
    // A turn is not prolonged by asking: it is taken, or passes on.
    if (!turn) deadlines.set(slot, after(at.mono, patience(ASK_WITHIN)));
    return { ahead: queue.ahead(slot), turn, seconds: turn ? TURN : ASK_WITHIN };
  }

  /**
   * Ends the turn of a session that acquires what it waited for: the seats kept for it are free for
   * this acquire, which is decided on anew, for a license or rule may have changed meanwhile. `false`
   * when it was not its turn.
   */
  takeTurn(slot: number, wish: SeatWish, at: Moment): boolean {
    const { queue } = this.#parts;
    const waited = this.#wishes.get(slot);
    if (queue.turn(slot) === undefined || waited === undefined) return false;
    this.leave(slot, at);
    return queueGroup(wish) === queueGroup(waited) && wish.weight === waited.weight;
  }

  /**
   * Ends the waiting of a session; what was kept for it, or what its wish held up, goes to the next.
   * The session is remembered like any other: no recording of what it asked is taken for news.
   */
  leave(slot: number, at: Moment): void {
    const { queue, deadlines, book } = this.#parts;
    if (!queue.has(slot)) return;
    const claim = queue.turn(slot);
    queue.remove(slot);
    this.#wishes.delete(slot);
    if (!book.holds(slot)) deadlines.set(slot, after(at.mono, SESSION_IDLE));
    if (claim !== undefined) this.#lending.dropClaim(claim);
    else this.#lending.seatsChanged();
  }

  /** Forgets a waiter that was silent, or did not take its turn. Asking once more, it is the last. */
  passOver(slot: number, at: Moment): void {
    const { sessions } = this.#parts;
    this.leave(slot, at);
    sessions.setLastId(slot, sessions.lastId(slot) - 1);
  }

  /**
   * Gives turns to those for whom there are seats now, in order. Where the first of a group has to
   * wait on, so have the others: a large wish is not starved by small ones.
   */
  call(at: Moment, host: JudgedHost): readonly Called[] {
    const { queue } = this.#parts;
    const called: Called[] = [];
    const blocked = new Set<string>();
    for (const { slot, group } of queue.inOrder()) {
      const wish = this.#wishes.get(slot);
      if (wish === undefined || queue.turn(slot) !== undefined || blocked.has(group)) continue;
      const one = this.#callOne(slot, wish, at, host);
      if (one === 'wait-all') blocked.add(group);
      else if (one !== 'wait') called.push(one);
    }
    return called;
  }

  #callOne(
    slot: number,
    wish: SeatWish,
    at: Moment,
    host: JudgedHost,
  ): Called | 'wait' | 'wait-all' {
    const { queue, deadlines, sessions } = this.#parts;
    const allocation = this.#lending.propose(slot, wish, at, host, true);
    if (allocation.kind === 'refused') {
      const { code } = allocation;
      // A limit of one's own holds up nobody else.
      const isOwn = code === 'limit-reached';
      queue.setYielding(slot, isOwn);
      if (this.admits(code)) return isOwn ? 'wait' : 'wait-all';
      this.leave(slot, at);
      sessions.setLastRefusal(slot, code);
      return { kind: 'refused', slot, code };
    }
    const until = after(at.mono, patience(TURN));
    queue.giveTurn(slot, this.#lending.claim(allocation));
    deadlines.set(slot, until);
    return { kind: 'turn', slot };
  }
}
