/**
 * One seat from the client's side, as a pure state machine: look for agents, ask or stand in line, check
 * the licenses, hold the seat by renewing, stop believing in it in time, look for another when it is lost.
 */

import { equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import { type LeaseId, leaseId } from '../ids.ts';
import type { Offer } from '../offers.ts';
import { encodeRequest, parseFrame } from '../packet.ts';
import { unreachable } from '../result.ts';
import { type Instant, instant, type Moment } from '../units.ts';
import { isAddressedTo } from './addressed.ts';
import { AgentLink } from './agent-link.ts';
import { AgentList, agentSeen, type KnownAgent } from './agent-list.ts';
import { type BorrowEvent, borrowRefused } from './borrowing.ts';
import { Farewells } from './farewells.ts';
import { type Heard, openHeard } from './heard.ts';
import { Holding, type HoldingEnd } from './holding.ts';
import { Idleness } from './idleness.ts';
import { Jitter } from './jitter.ts';
import { isWorthLooking } from './regaining.ts';
import type { Won } from './seat-bid.ts';
import type { LossCode, SeatEffect, SeatEvent, SeatFailure, SeatState } from './seat-events.ts';
import { type SearchParts, SeatSearch } from './seat-search.ts';
import type { SeatSessionOptions } from './session-options.ts';
import { Voice } from './voice.ts';

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'seeking'; readonly search: SeatSearch }
  | { readonly kind: 'holding'; readonly holding: Holding }
  /** `then` is told when the agents have answered or are given up. */
  | { readonly kind: 'leaving'; readonly then: SeatState | undefined }
  | { readonly kind: 'over' };

export class SeatSession {
  readonly #options: SeatSessionOptions;
  readonly #link: AgentLink;
  readonly #voice: Voice;
  readonly #farewells: Farewells;
  readonly #idleness = new Idleness();
  readonly #parts: SearchParts;
  #phase: Phase = { kind: 'idle' };

  constructor(options: SeatSessionOptions) {
    const { secret, primitives, firstNumber = 1 } = options;
    this.#options = options;
    this.#link = new AgentLink(secret, primitives, firstNumber - 1);
    this.#voice = new Voice(this.#link, firstNumber - 1);
    const jitter = new Jitter(this.#link.clientKey);
    this.#farewells = new Farewells(this.#voice, jitter);
    this.#parts = {
      ...options,
      voice: this.#voice,
      farewells: this.#farewells,
      agents: new AgentList(),
      jitter,
    };
  }

  get leaseId(): LeaseId {
    return leaseId(this.#link.clientKey);
  }

  /** The name of this session on the wire: the start of it is in every reply. */
  get clientKey(): Uint8Array {
    return this.#link.clientKey;
  }

  /** Whether a datagram can be for this session: any other changes nothing in it. */
  concerns(bytes: Uint8Array): boolean {
    return isAddressedTo(bytes, { nonce: this.#options.nonce, clientKey: this.clientKey });
  }

  /** The highest number that a datagram or request of this session has had. */
  get lastNumber(): number {
    return Math.max(this.#link.sent, this.#voice.lastId);
  }

  /** Before when the seat is believed in; `undefined` when none is held. */
  get until(): Instant | undefined {
    return this.#phase.kind === 'holding' ? this.#phase.holding.until : undefined;
  }

  get isOver(): boolean {
    return this.#phase.kind === 'over';
  }

  /** Takes in one event and returns what must be done, in order. */
  step(event: SeatEvent, at: Moment): readonly SeatEffect[] {
    this.#expire(at);
    this.#take(event, at);
    this.#work(at);
    const effects = this.#voice.take();
    const wakeAt = this.#nextWake();
    if (wakeAt !== undefined) effects.push({ kind: 'wake-at', at: wakeAt });
    return effects;
  }

  /** Before anything else is believed: a term that ran out, perhaps while the computer slept. */
  #expire(at: Moment): void {
    const phase = this.#phase;
    if (phase.kind !== 'holding' || at.mono < phase.holding.until) return;
    this.#endHolding(phase.holding, { kind: 'lost', code: phase.holding.lossCode }, at);
  }

  #take(event: SeatEvent, at: Moment): void {
    switch (event.kind) {
      case 'start':
        return this.#start(at);
      case 'datagram':
        return this.#hear(event.from, event.bytes, at);
      case 'idle':
        return this.#hearIdle(event, at);
      case 'borrow':
        return this.#borrow(event, at);
      case 'release':
        return this.#giveUp(at);
      case 'wake':
        return;
      default:
        return unreachable(event);
    }
  }

  #start(at: Moment): void {
    if (this.#phase.kind !== 'idle') return;
    const { wish, wait } = this.#options;
    if (encodeRequest({ kind: 'acquire', id: 1, wish, wait }) === undefined) {
      return this.#fail({ kind: 'too-long' });
    }
    this.#voice.tell({ kind: 'seeking' });
    const search = new SeatSearch('first', this.#parts, at.mono);
    this.#phase = { kind: 'seeking', search };
  }

  #fail(failure: SeatFailure): void {
    this.#end();
    this.#voice.tell({ kind: 'failed', failure });
  }

  #end(): void {
    this.#phase = { kind: 'over' };
    this.#link.close();
  }

  // --- what is due ---

  #work(at: Moment): void {
    const phase = this.#phase;
    if (phase.kind === 'seeking') this.#seek(phase.search, at);
    if (phase.kind === 'holding') this.#endHolding(phase.holding, phase.holding.keep(at), at);
    if (this.#phase.kind !== 'over') this.#farewells.keep(at);
    if (this.#phase.kind === 'leaving' && this.#farewells.isEmpty) {
      const { then } = this.#phase;
      this.#end();
      if (then !== undefined) this.#voice.tell(then);
    }
  }

  #seek(search: SeatSearch, at: Moment): void {
    const end = search.keep(at);
    switch (end?.kind) {
      case undefined:
        return;
      case 'won':
        return this.#hold(end);
      case 'failed':
        return this.#fail(end.failure);
      case 'decided': {
        // Somebody has decided in the meantime that there is to be no seat.
        const { agent, code } = end.failure;
        this.#voice.tell({ kind: 'lost', agent, code, regaining: false });
        return this.#leave(undefined, at);
      }
      default:
        return unreachable(end);
    }
  }

  #hold(won: Won): void {
    const holding = new Holding(won, this.#parts, this.#idleness);
    this.#phase = { kind: 'holding', holding };
  }

  #nextWake(): Instant | undefined {
    const leaving = this.#farewells.isEmpty ? Infinity : this.#farewells.nextWake();
    switch (this.#phase.kind) {
      case 'seeking':
        return instant(Math.min(leaving, this.#phase.search.nextWake()));
      case 'holding':
        return instant(Math.min(leaving, this.#phase.holding.nextWake()));
      case 'leaving':
        return instant(leaving);
      case 'idle':
      case 'over':
        return undefined;
      default:
        return unreachable(this.#phase);
    }
  }

  // --- hearing ---

  #hear(from: Endpoint, bytes: Uint8Array, at: Moment): void {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') return;
    if (frame.kind === 'offer') this.#hearOffer(frame.offer, from, at);
    if (frame.kind !== 'reply') return;
    const heard = openHeard(this.#link, this.#spokenTo(), frame, from);
    if (heard !== undefined) this.#hearReply(heard, at);
  }

  #hearOffer(offer: Offer, from: Endpoint, at: Moment): void {
    const phase = this.#phase;
    if (!equalBytes(offer.nonce, this.#options.nonce)) return;
    if (phase.kind === 'seeking') phase.search.note(offer, from);
    if (phase.kind === 'holding') phase.holding.note(offer, from, at);
  }

  #spokenTo(): readonly KnownAgent[] {
    const phase = this.#phase;
    const { agents } = this.#farewells;
    if (phase.kind === 'seeking') return [...phase.search.agents, ...agents];
    if (phase.kind === 'holding') return [...phase.holding.agents, ...agents];
    return agents;
  }

  #hearReply(heard: Heard, at: Moment): void {
    const phase = this.#phase;
    this.#farewells.hear(heard, at);
    if (phase.kind === 'seeking') phase.search.hear(heard, at);
    if (phase.kind === 'holding') {
      this.#endHolding(phase.holding, phase.holding.hear(heard, at), at);
    }
  }

  #hearIdle({ seconds }: Extract<SeatEvent, { kind: 'idle' }>, at: Moment): void {
    this.#idleness.report(seconds, at.mono);
    if (this.#phase.kind === 'holding') this.#phase.holding.used(at);
  }

  #borrow(event: BorrowEvent, at: Moment): void {
    const phase = this.#phase;
    if (phase.kind === 'holding') phase.holding.borrow(event, at);
    else this.#voice.tell(borrowRefused('not-held'));
  }

  // --- the end of a seat ---

  #endHolding(holding: Holding, end: HoldingEnd | undefined, at: Moment): void {
    switch (end?.kind) {
      case undefined:
        return;
      case 'lost':
        return this.#lose(holding, end.code, at);
      case 'relieved':
        holding.close(at);
        this.#farewells.say(holding.agent, at, true);
        return this.#hold(end.won);
      case 'borrowed':
        // From here on the token is the seat: it is not given back.
        holding.close(at);
        return this.#leave(undefined, at);
      default:
        return unreachable(end);
    }
  }

  #lose(holding: Holding, code: LossCode, at: Moment): void {
    const { agent } = holding;
    const regaining = this.#options.regain !== false && isWorthLooking(code);
    this.#voice.tell({ kind: 'lost', agent: agentSeen(agent), code, regaining });
    // The agent may count the seat a little longer: say that it is free.
    this.#giveBack(holding, at);
    if (!regaining) return this.#leave(undefined, at);
    this.#parts.agents.forget([]);
    const search = new SeatSearch('regain', this.#parts, at.mono);
    this.#phase = { kind: 'seeking', search };
  }

  #giveBack(holding: Holding, at: Moment): void {
    holding.close(at);
    this.#farewells.say(holding.agent, at);
  }

  #giveUp(at: Moment): void {
    const phase = this.#phase;
    if (phase.kind === 'leaving' || phase.kind === 'over') return;
    if (phase.kind === 'holding') this.#giveBack(phase.holding, at);
    if (phase.kind === 'seeking') phase.search.stop(at);
    this.#leave({ kind: 'released' }, at);
  }

  #leave(then: SeatState | undefined, at: Moment): void {
    this.#phase = { kind: 'leaving', then };
    this.#farewells.hurry(at);
  }
}
