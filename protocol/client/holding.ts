/** A held seat with all that goes on beside it: the search for a spare, and taking it along. */

import type { Endpoint } from '../endpoint.ts';
import type { Offer } from '../offers.ts';
import { type Instant, instant, type Moment } from '../units.ts';
import type { KnownAgent } from './agent-list.ts';
import { type BorrowEnd, type BorrowEvent, Borrowing, borrowRefused } from './borrowing.ts';
import type { Heard } from './heard.ts';
import type { Idleness } from './idleness.ts';
import type { Won } from './seat-bid.ts';
import type { LossCode } from './seat-events.ts';
import { SeatHold } from './seat-hold.ts';
import { buildSearch, type SearchParts, SeatSearch } from './seat-search.ts';

/** How it ended: lost, or another agent's seat is in its place, or it was taken along. */
export type HoldingEnd =
  | { readonly kind: 'lost'; readonly code: LossCode }
  | { readonly kind: 'relieved'; readonly won: Won }
  | { readonly kind: 'borrowed' };

export class Holding {
  readonly #hold: SeatHold;
  readonly #parts: SearchParts;
  /** The search for a seat elsewhere, while the agent of this one does not answer. */
  #relief: SeatSearch | undefined;
  #borrowing: Borrowing | undefined;

  constructor({ grant, proven }: Won, parts: SearchParts, idleness: Idleness) {
    const { voice, jitter, wish } = parts;
    const search = buildSearch(parts);
    this.#parts = parts;
    this.#hold = new SeatHold(grant, proven, {
      voice,
      jitter,
      idleness,
      weight: wish.weight,
      search,
    });
    this.#hold.tellHeld();
  }

  get agent(): KnownAgent {
    return this.#hold.agent;
  }

  /** The seat may be believed in before this instant. */
  get until(): Instant {
    return this.#hold.until;
  }

  /** Why it is lost when `until` has come. */
  get lossCode(): LossCode {
    return this.#hold.lossCode;
  }

  /** The agents whose replies are waited for. */
  get agents(): readonly KnownAgent[] {
    return [this.agent, ...(this.#relief?.agents ?? [])];
  }

  nextWake(): Instant {
    const times: number[] = [this.#hold.wakeAt];
    if (this.#borrowing !== undefined) times.push(this.#borrowing.wakeAt);
    if (this.#relief !== undefined) times.push(this.#relief.nextWake());
    else if (this.#hold.reliefAt !== undefined) times.push(this.#hold.reliefAt);
    return instant(Math.min(...times));
  }

  /** Does what is due. */
  keep(at: Moment): HoldingEnd | undefined {
    this.#hold.keep(at);
    return this.#endBorrowing(this.#borrowing?.keep(at)) ?? this.#relieve(at);
  }

  /** Looks for a seat elsewhere in time; the one that is held stays until another one is. */
  #relieve(at: Moment): HoldingEnd | undefined {
    const { reliefAt } = this.#hold;
    if (reliefAt === undefined) {
      this.#relief?.stop(at);
      this.#relief = undefined;
      return undefined;
    }
    if (at.mono < reliefAt) return undefined;
    this.#relief ??= this.#startRelief(at);
    const end = this.#relief.keep(at);
    return end?.kind === 'won' ? { kind: 'relieved', won: end } : undefined;
  }

  #startRelief(at: Moment): SeatSearch {
    this.#parts.agents.forget([]);
    const { ticket } = this.#hold;
    const shown = ticket === undefined ? {} : { seatTicket: ticket };
    const parts = { ...this.#parts, wait: false, ...shown };
    return new SeatSearch('relief', parts, at.mono, this.agent);
  }

  note(offer: Offer, from: Endpoint, at: Moment): void {
    this.#hold.follow(offer, from, at);
    this.#relief?.note(offer, from);
  }

  hear(heard: Heard, at: Moment): HoldingEnd | undefined {
    this.#relief?.hear(heard, at);
    const borrowed = this.#endBorrowing(this.#borrowing?.hear(heard, at));
    if (borrowed !== undefined) return borrowed;
    const code = this.#hold.hear(heard, at);
    return code === undefined ? undefined : { kind: 'lost', code };
  }

  /** The application was used again. */
  used(at: Moment): void {
    this.#hold.used(at);
  }

  /** Asks to take the seat along; while that is on its way another one is ignored. */
  borrow(event: BorrowEvent, at: Moment): void {
    this.#borrowing ??= new Borrowing(this.#parts, this.agent, event, at);
  }

  #endBorrowing(end: BorrowEnd | undefined): HoldingEnd | undefined {
    if (end === undefined) return undefined;
    this.#borrowing = undefined;
    this.#parts.voice.tell(end);
    return end.kind === 'borrowed' ? { kind: 'borrowed' } : undefined;
  }

  /** Nothing goes on beside the seat any more. */
  close(at: Moment): void {
    this.#relief?.stop(at);
    this.#relief = undefined;
    if (this.#borrowing !== undefined) this.#parts.voice.tell(borrowRefused('not-held'));
    this.#borrowing = undefined;
  }
}
