/**
 * Who waits for a seat: a place in the queue, a turn when a seat comes back, and the end of it for
 * who does not take it. A waiter asks again every few seconds; one that is silent is forgotten.
 */

import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import { assert } from '../../../protocol/result.ts';
import {
  after,
  type EpochSeconds,
  epochSeconds,
  type Millis,
  type Moment,
  millis,
  type Seconds,
  seconds,
} from '../../../protocol/units.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import { SESSION_IDLE } from '../sessions/session-table.ts';
import type { Acquire, Lending, LendingParts } from './lending.ts';
import type { PlaceTickets } from './place-tickets.ts';
import { queueGroup } from './queue-group.ts';
import type { Waiter } from './wait-queue.ts';
import { openReserves } from './withheld-from.ts';

/** A waiter asks again within so many seconds. */
const ASK_WITHIN: Seconds = seconds(5);
/** One whose turn it is acquires within so many seconds. */
const TURN: Seconds = seconds(8);
/** The seats are kept a little longer: for the network, in milliseconds. */
const TURN_KEPT: Millis = millis(10_000);
/** Who was not heard for this long, in milliseconds, waits no longer. */
const SILENCE_MAX: Millis = millis(15_000);

/**
 * Waiters' sequences: the second of their coming, then a count, so that an order outlives a restart.
 * Together they stay below 2⁵³.
 */
const COUNT_SPAN = 2 ** 20;

/** What a waiter is told. */
export interface Place {
  /** Waiters for the same seats that come before. */
  readonly ahead: number;
  readonly turn: boolean;
  readonly seconds: Seconds;
  readonly ticket: Uint8Array;
}

/** One who waits, for people to see. */
interface Waiting {
  readonly slot: number;
  readonly wish: SeatWish;
  readonly waiter: Waiter;
  readonly turn: boolean;
  readonly ahead: number;
  readonly arrived: EpochSeconds;
}

/** What became of a waiter when seats came back. */
export type Called =
  | { readonly kind: 'turn'; readonly slot: number }
  | { readonly kind: 'refused'; readonly slot: number; readonly code: RefusalCode };

/** Refusals that pass: who wishes to may wait. */
const PASSING: readonly RefusalCode[] = ['no-seat', 'reserved', 'limit-reached', 'holding-off'];

export interface WaitingRoomParts extends LendingParts {
  readonly tickets: PlaceTickets;
}

export class WaitingRoom {
  readonly #parts: WaitingRoomParts;
  readonly #lending: Lending;
  readonly #wishes = new Map<number, SeatWish>();
  /** By slot: when the ticket was made by which a waiter has its place again. */
  readonly #returned = new Map<number, EpochSeconds>();
  #count = 0;
  /** When the last one came who had no ticket: the calendar may be set back meanwhile. */
  #latest = 0;

  constructor(parts: WaitingRoomParts, lending: Lending) {
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
   * the same, also before a restart; false when the queue is full.
   */
  enter(slot: number, { wish, ticket }: Acquire, code: RefusalCode, at: Moment): boolean {
    const { queue, rules, sessions, returns } = this.#parts;
    const group = queueGroup(wish);
    if (queue.get(slot)?.group !== group) this.leave(slot, at);
    if (!queue.has(slot)) {
      const address = sessions.endpoint(slot)?.address ?? null;
      const priority = rules.priority(wish, address);
      const reserved = rules.reservedFor(wish, address);
      const sequence = this.#oldPlace(slot, group, ticket) ?? this.#newPlace(at);
      if (!queue.add({ slot, group, priority, sequence, reserved })) return false;
      returns.mark(group, true);
    }
    queue.setYielding(slot, code === 'limit-reached');
    this.#wishes.set(slot, wish);
    return true;
  }

  /** Behind everybody who has come, or may come back. */
  #newPlace({ wall }: Moment): number {
    this.#latest = Math.max(wall, this.#latest, this.#parts.returns.started + 1);
    return this.#latest * COUNT_SPAN + (this.#count++ % COUNT_SPAN);
  }

  /** The place of a ticket, where those who waited before the start are still to come. */
  #oldPlace(slot: number, group: string, ticket: Uint8Array | undefined): number | undefined {
    const { returns, tickets, sessions } = this.#parts;
    if (ticket === undefined || !returns.holds(group)) return undefined;
    const place = tickets.read(ticket, { clientKey: sessions.clientKey(slot), group });
    if (place === undefined) return undefined;
    this.#returned.set(slot, place.issued);
    return Math.min(place.arrived, returns.started) * COUNT_SPAN + (place.count % COUNT_SPAN);
  }

  /**
   * Those who waited before the start are back, or will not come: seats are lent in order from now
   * on. Every waiter gets a new ticket each time it asks, so one that is older than others' by more
   * than a waiter may be silent is of somebody who had left the queue, and gives no place.
   */
  endReturns(at: Moment): void {
    const { queue, returns } = this.#parts;
    const ended = returns.end(at);
    if (ended.length === 0) return;
    const newest = Math.max(...this.#returned.values());
    for (const [slot, issued] of this.#returned) {
      const waiter = queue.get(slot);
      if (waiter === undefined || (newest - issued) * 1000 <= SILENCE_MAX) continue;
      queue.remove(slot);
      queue.add({ ...waiter, sequence: this.#newPlace(at) });
    }
    this.#returned.clear();
    for (const group of ended) returns.mark(group, queue.awaits(group));
    this.#lending.seatsChanged();
  }

  /** Everybody who waits, in order. */
  *all(): Iterable<Waiting> {
    const { queue } = this.#parts;
    for (const waiter of queue.inOrder()) {
      const { slot } = waiter;
      const wish = this.#wishes.get(slot);
      if (wish === undefined) continue;
      const [turn, ahead] = [queue.turn(slot) !== undefined, queue.ahead(slot)];
      yield { slot, wish, waiter, turn, ahead, arrived: arrivedOf(waiter) };
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
      const address = sessions.endpoint(slot)?.address ?? null;
      const reserved = rules.reservedFor(wish, address);
      queue.add({ ...waiter, priority: rules.priority(wish, address), reserved });
    }
  }

  /** Where a waiter stands, and that it was heard. */
  place(slot: number, at: Moment): Place {
    const { queue, deadlines, sessions, tickets } = this.#parts;
    const waiter = queue.get(slot);
    assert(waiter !== undefined, 'asked for the place of a session that does not wait');
    const turn = queue.turn(slot) !== undefined;
    const { group, sequence } = waiter;
    const place = { arrived: arrivedOf(waiter), count: sequence % COUNT_SPAN, issued: at.wall };
    const ticket = tickets.make(place, { clientKey: sessions.clientKey(slot), group });
    // A turn is not prolonged by asking: it is taken, or passes on.
    if (!turn) deadlines.set(slot, after(at.mono, SILENCE_MAX));
    return { ahead: queue.ahead(slot), turn, seconds: turn ? TURN : ASK_WITHIN, ticket };
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
    const { queue, deadlines, book, returns } = this.#parts;
    const waiter = queue.get(slot);
    if (waiter === undefined) return;
    const claim = queue.turn(slot);
    queue.remove(slot);
    this.#wishes.delete(slot);
    this.#returned.delete(slot);
    returns.mark(waiter.group, queue.awaits(waiter.group));
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
   * wait on, so have the others: a large wish is not starved by small ones. But who is kept a seat by
   * a reservation does not wait for those whom it is kept from.
   */
  call(at: Moment, host: JudgedHost): readonly Called[] {
    const { queue, returns } = this.#parts;
    const called: Called[] = [];
    /** By group, the reservations that are for those who wait on. */
    const waiting = new Map<string, Set<string>>();
    for (const { slot, group, reserved } of queue.inOrder()) {
      if (returns.holds(group)) continue;
      const wish = this.#wishes.get(slot);
      if (wish === undefined || queue.turn(slot) !== undefined) continue;
      const before = waiting.get(group);
      const isHeldUp = before !== undefined && !this.#passes(before, wish, reserved);
      const one = isHeldUp ? 'wait-all' : this.#callOne(slot, wish, at, host);
      if (typeof one === 'object') called.push(one);
      else if (one === 'wait-all' && !queue.isYielding(slot)) {
        const keys = before ?? new Set<string>();
        for (const key of reserved) keys.add(key);
        waiting.set(group, keys);
      }
    }
    return called;
  }

  /** Whether a seat is kept for a wish that those before it, whom these reservations are for, cannot have. */
  #passes(before: ReadonlySet<string>, wish: SeatWish, reserved: readonly string[]): boolean {
    const open = openReserves(this.#parts, wish, reserved);
    return open.length > 0 && !open.some((key) => before.has(key));
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
    const until = after(at.mono, TURN_KEPT);
    queue.giveTurn(slot, this.#lending.claim(allocation));
    deadlines.set(slot, until);
    return { kind: 'turn', slot };
  }
}

const arrivedOf = ({ sequence }: Waiter): EpochSeconds =>
  epochSeconds(Math.floor(sequence / COUNT_SPAN));
