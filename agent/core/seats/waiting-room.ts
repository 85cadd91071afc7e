/**
 * Who waits for a seat: a place in the queue, a turn when a seat comes back, and the end of it for
 * who does not take it. A waiter asks again every few seconds; one that is silent is forgotten.
 */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import { assert } from '../../../protocol/result.ts';
import {
  after,
  type EpochSeconds,
  type Millis,
  type Moment,
  millis,
  type Seconds,
  seconds,
} from '../../../protocol/units.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import { SESSION_IDLE } from '../sessions/session-table.ts';
import type { Acquire, AcquireDecision, Lending, LendingParts } from './lending.ts';
import type { PlaceTickets } from './place-tickets.ts';
import { Before, countingLicenses, NOTHING_AWAITED, queueGroup } from './queue-group.ts';
import type { Lack, Waiter } from './wait-queue.ts';
import { arrivedOf, countOf, waiterSequence } from './waiter-sequence.ts';
import { openReserves } from './withheld-from.ts';

/** A waiter asks again within so many seconds. */
const ASK_WITHIN: Seconds = seconds(5);
/** One whose turn it is acquires within so many seconds. */
const TURN: Seconds = seconds(8);
/** The seats are kept a little longer: for the network, in milliseconds. */
const TURN_KEPT: Millis = millis(10_000);
/** Who was not heard for this long, in milliseconds, waits no longer. */
const SILENCE_MAX: Millis = millis(15_000);

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
  /** Those that could lend it a seat, were there some. */
  readonly licenses: readonly LicenseId[];
}

/** What became of a waiter when seats came back. */
export type Called =
  | { readonly kind: 'turn'; readonly slot: number }
  | { readonly kind: 'refused'; readonly slot: number; readonly code: RefusalCode };

/** Why one is to wait. */
type Refused = Pick<Extract<AcquireDecision, { kind: 'refused' }>, 'code' | 'licenses'>;

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
  enter(slot: number, { wish, ticket }: Acquire, refused: Refused, at: Moment): boolean {
    const { queue, rules, sessions, returns } = this.#parts;
    const group = queueGroup(wish);
    const lack = this.#lackOf(wish, refused);
    if (queue.get(slot)?.group !== group) this.leave(slot, at);
    if (!queue.has(slot)) {
      const address = sessions.endpoint(slot)?.address ?? null;
      const priority = rules.priority(wish, address);
      const reserved = rules.reservedFor(wish, address);
      const sequence = this.#oldPlace(slot, group, ticket) ?? this.#newPlace(at);
      if (!queue.add({ slot, group, priority, sequence, reserved }, lack)) return false;
      returns.mark(group, true);
    }
    queue.setLack(slot, lack);
    this.#wishes.set(slot, wish);
    return true;
  }

  #lackOf({ product }: SeatWish, { code, licenses }: Refused): Lack {
    // While the agent lends to nobody it does not say which could: any.
    const able = licenses.length > 0 ? licenses : countingLicenses(this.#parts, product);
    return { licenses: able, isOwn: code === 'limit-reached' };
  }

  /** Behind everybody who has come, or may come back. */
  #newPlace({ wall }: Moment): number {
    this.#latest = Math.max(wall, this.#latest, this.#parts.returns.started + 1);
    return waiterSequence(this.#latest, this.#count++);
  }

  /** The place of a ticket, where those who waited before the start are still to come. */
  #oldPlace(slot: number, group: string, ticket: Uint8Array | undefined): number | undefined {
    const { returns, tickets, sessions } = this.#parts;
    if (ticket === undefined || !returns.holds(group)) return undefined;
    const place = tickets.read(ticket, { clientKey: sessions.clientKey(slot), group });
    if (place === undefined) return undefined;
    this.#returned.set(slot, place.issued);
    return waiterSequence(Math.min(place.arrived, returns.started), place.count);
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
      const lack = queue.lackOf(slot);
      queue.remove(slot);
      queue.add({ ...waiter, sequence: this.#newPlace(at) }, lack);
    }
    this.#returned.clear();
    for (const group of ended) returns.mark(group, queue.awaits(group));
    this.#lending.queueChanged();
  }

  /** Everybody who waits, in order. */
  *all(): Iterable<Waiting> {
    const { queue } = this.#parts;
    for (const waiter of queue.inOrder()) {
      const { slot } = waiter;
      const wish = this.#wishes.get(slot);
      if (wish === undefined) continue;
      const [turn, ahead] = [queue.turn(slot) !== undefined, queue.ahead(slot)];
      const { licenses } = queue.lackOf(slot);
      const arrived = arrivedOf(waiter.sequence);
      yield { slot, wish, waiter, turn, ahead, arrived, licenses };
    }
  }

  /**
   * The rules have changed: everybody waits on by the new ones, in the order of coming. What was kept
   * for those whose turn it was comes back, for who is first now.
   */
  rearrange(): void {
    const { queue, rules, sessions } = this.#parts;
    for (const { slot, wish, waiter } of [...this.all()]) {
      const [claim, lack] = [queue.turn(slot), queue.lackOf(slot)];
      queue.remove(slot);
      if (claim !== undefined) this.#lending.dropClaim(claim);
      const address = sessions.endpoint(slot)?.address ?? null;
      const reserved = rules.reservedFor(wish, address);
      queue.add({ ...waiter, priority: rules.priority(wish, address), reserved }, lack);
    }
  }

  /** Where a waiter stands, and that it was heard. */
  place(slot: number, at: Moment): Place {
    const { queue, deadlines, sessions, tickets } = this.#parts;
    const waiter = queue.get(slot);
    assert(waiter !== undefined, 'asked for the place of a session that does not wait');
    const turn = queue.turn(slot) !== undefined;
    const { group, sequence } = waiter;
    const place = { arrived: arrivedOf(sequence), count: countOf(sequence), issued: at.wall };
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
    else this.#lending.queueChanged();
  }

  /** Forgets a waiter that was silent, or did not take its turn. Asking once more, it is the last. */
  passOver(slot: number, at: Moment): void {
    const { sessions } = this.#parts;
    this.leave(slot, at);
    sessions.setLastId(slot, sessions.lastId(slot) - 1);
  }

  /**
   * Gives turns to those for whom there are seats now, in order. Where one has to wait on, so have those
   * behind it who want what it waits for: a large wish is not starved by small ones.
   */
  call(at: Moment, host: JudgedHost): readonly Called[] {
    const { queue, returns } = this.#parts;
    const called: Called[] = [];
    const waiting = new Map<string, Before>();
    const hasChanged = this.#lending.takeChange();
    for (const waiter of queue.inOrder()) {
      const { slot, group } = waiter;
      const wish = this.#wishes.get(slot);
      if (returns.holds(group) || wish === undefined || queue.turn(slot) !== undefined) continue;
      const before = waiting.get(group) ?? new Before();
      const isVain = !hasChanged && this.#isVain(waiter, wish, before);
      const one = isVain ? undefined : this.#callOne(waiter, wish, at, host, before);
      if (one !== undefined) called.push(one);
      else waiting.set(group, before.add(waiter, queue.lackOf(slot)));
    }
    return called;
  }

  /** `undefined`: it waits on. */
  #callOne(
    { slot, reserved }: Waiter,
    wish: SeatWish,
    at: Moment,
    host: JudgedHost,
    before: Before,
  ): Called | undefined {
    const { queue, deadlines, sessions } = this.#parts;
    const awaited = before.awaited(openReserves(this.#parts, wish, reserved));
    const allocation = this.#lending.propose(slot, wish, at, host, awaited);
    if (allocation.kind === 'refused') {
      const { code } = allocation;
      queue.setLack(slot, this.#lackOf(wish, allocation));
      if (this.admits(code)) return undefined;
      this.leave(slot, at);
      sessions.setLastRefusal(slot, code);
      return { kind: 'refused', slot, code };
    }
    const until = after(at.mono, TURN_KEPT);
    queue.giveTurn(slot, this.#lending.claim(allocation));
    deadlines.set(slot, until);
    return { kind: 'turn', slot };
  }

  /** Whether those before it wait for all that it could have: there may be thousands. */
  #isVain({ slot, reserved }: Waiter, wish: SeatWish, before: Before): boolean {
    if (!before.holdsUp(this.#parts.queue.lackOf(slot).licenses)) return false;
    return before.awaited(openReserves(this.#parts, wish, reserved)) !== NOTHING_AWAITED;
  }
}
