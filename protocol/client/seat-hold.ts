/** A seat that is held: renews it, follows its agent, hears when it ends. */

import { equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import { clientDeadline } from '../lease-time.ts';
import { EPOCH_SIZE } from '../limits.ts';
import type { Offer } from '../offers.ts';
import type { RefusalCode } from '../refusal.ts';
import type { Reply, Takeover } from '../replies.ts';
import type { Request } from '../requests.ts';
import {
  between,
  type Instant,
  instant,
  type Moment,
  type Seconds,
  secondsToMillis,
} from '../units.ts';
import { agentSeen, type KnownAgent } from './agent-list.ts';
import { type Heard, isFrom, numberOf } from './heard.ts';
import type { Idleness } from './idleness.ts';
import type { Jitter } from './jitter.ts';
import { Renewals } from './renewals.ts';
import type { LossCode } from './seat-events.ts';
import type { ProvenSeat } from './seat-trust.ts';
import type { Voice } from './voice.ts';

/** What an agent granted. */
export interface Grant {
  readonly agent: KnownAgent;
  readonly term: Seconds;
  readonly overdraft: boolean;
  /** The seat may be believed in before this instant. */
  readonly until: Instant;
  /** The number of the agent's datagram that granted it: what it said before is of no account. */
  readonly number: number;
  /** How the seat goes on at another agent of its site. */
  readonly takeover?: Takeover;
}

export interface SeatHoldParts {
  readonly voice: Voice;
  readonly jitter: Jitter;
  readonly idleness: Idleness;
  readonly weight: number;
  /** The datagram that asks around. */
  readonly search: Uint8Array;
}

/** Offers tried between two renewals: a flood of forged ones pushes no genuine answer aside. */
const FOLLOWS_MAX = 4;
/** An end that comes sooner by less than this, in milliseconds, is not told again. */
const TELL_MS = 1000;

export class SeatHold {
  readonly agent: KnownAgent;
  readonly #grant: Grant;
  readonly #proven: ProvenSeat;
  readonly #parts: SeatHoldParts;
  readonly #renewals: Renewals;
  #until: Instant;
  #number: number;
  /** Why the agent does not renew. */
  #ending: { readonly code: RefusalCode; readonly toldUntil: Instant } | undefined;
  /** Since when the agent does not answer. */
  #unreachableAt: Instant | undefined;
  /** The idle time that the agent was told last. */
  #saidIdle = 0;
  #follows = 0;

  constructor(grant: Grant, proven: ProvenSeat, parts: SeatHoldParts) {
    this.agent = grant.agent;
    this.#grant = grant;
    this.#proven = proven;
    this.#parts = parts;
    this.#until = grant.until;
    this.#number = grant.number;
    // As if renewed when the seat was asked for: proving its license may have taken a while.
    const since = instant(grant.until - secondsToMillis(grant.term));
    this.#renewals = new Renewals(since, grant.term, parts.jitter, grant.takeover?.within);
  }

  /** The seat may be believed in before this instant. */
  get until(): Instant {
    return this.#until;
  }

  /** Why the seat is lost when `until` has come. */
  get lossCode(): LossCode {
    return this.#ending?.code ?? 'not-renewed';
  }

  /** What makes the seat go on at another agent of its site. */
  get ticket(): Uint8Array | undefined {
    return this.#grant.takeover?.ticket;
  }

  /** When there is something to do, or nothing to believe in any more. */
  get wakeAt(): Instant {
    return instant(Math.min(this.#renewals.dueAt, this.#until));
  }

  /**
   * When to look for a seat elsewhere: half of what was left when the agent fell silent is over, or
   * at once where another of its site takes over.
   * `undefined` while it answers, and when it has said that the seat ends.
   */
  get reliefAt(): Instant | undefined {
    if (this.#unreachableAt === undefined || this.#ending !== undefined) return undefined;
    if (this.ticket !== undefined) return this.#unreachableAt;
    return instant((this.#unreachableAt + this.#until) / 2);
  }

  tellHeld(): void {
    const { voice, weight } = this.#parts;
    voice.tell({
      kind: 'held',
      agent: agentSeen(this.agent),
      class: this.#proven.class,
      overdraft: this.#grant.overdraft,
      weight,
      licenses: this.#proven.licenses,
      until: this.#until,
    });
  }

  /** Renews the seat when that is due. */
  keep(at: Moment): void {
    const { voice, search } = this.#parts;
    if (at.mono < this.#renewals.dueAt) return;
    this.#follows = 0;
    if (this.#renewals.begin(at.mono, between(at.mono, this.#until))) this.#becomeUnreachable(at);
    // Silence may mean that the agent has moved or has forgotten the session: look for it, too. But
    // every second time only, for everybody hears that.
    if (this.#renewals.isUnreachable && this.#renewals.unanswered % 2 === 1) {
      voice.askAround(search);
    }
    this.#renew(at);
  }

  #becomeUnreachable(at: Moment): void {
    this.#unreachableAt = at.mono;
    if (this.#ending !== undefined) return;
    const state = { agent: agentSeen(this.agent), until: this.#until };
    this.#parts.voice.tell({ kind: 'unreachable', ...state });
  }

  /** The application was used again: an agent that lets the seat end for want of that is told. */
  used(at: Moment): void {
    const isNews = this.#saidIdle > 0 && this.#parts.idleness.at(at.mono) === 0;
    if (isNews && this.#ending?.code === 'idle') this.#renewals.hurry(at.mono);
  }

  /**
   * The agent of this seat offers again, perhaps elsewhere, perhaps without memory of the session.
   * Anybody can make an offer, so it is tried beside the address known, and believed when an answer
   * opens.
   */
  follow(offer: Offer, from: Endpoint, at: Moment): void {
    const { agent } = this;
    if (!this.#renewals.isWaiting || !equalBytes(offer.agentKey, agent.offer.agentKey)) return;
    if (++this.#follows > FOLLOWS_MAX) return;
    const rumoured = { ...agent, endpoint: from, offer, epoch: offer.epoch };
    this.#parts.voice.greet(rumoured, this.#renewal(at));
  }

  /** Takes in what the agent replied; the code when the seat is lost by it. */
  hear(heard: Heard, at: Moment): RefusalCode | undefined {
    if (!isFrom(heard, this.agent)) return undefined;
    const { reply } = heard;
    if (reply.id === 0) return this.#hearUnasked(heard, at);
    const sentAt = this.#renewals.sentAt(reply.id);
    if (sentAt === undefined) return undefined;
    // It opened, and no reply answers a pending renewal twice: this is where the agent is.
    this.agent.endpoint = heard.from;
    const isSameEpoch = equalBytes(heard.nonce.subarray(0, EPOCH_SIZE), this.agent.epoch);
    this.#number = isSameEpoch ? Math.max(this.#number, numberOf(heard)) : numberOf(heard);
    this.#parts.voice.link.adoptEpoch(this.agent, heard.nonce);
    return this.#hearAnswer(reply, sentAt, at);
  }

  #hearAnswer(reply: Reply, sentAt: Instant, at: Moment): RefusalCode | undefined {
    if (reply.kind === 'refused') return reply.code;
    if (reply.kind === 'new-epoch') this.#renew(at);
    if (reply.kind === 'renewed') this.#renewed(sentAt, reply.term);
    if (reply.kind === 'ending') this.#ends(reply.code, clientDeadline(sentAt, reply.term), at);
    return undefined;
  }

  /**
   * What an agent says unasked answers nothing, so a recording of it would look the same: only what
   * is newer than anything heard counts. What gets lost by that is said again to the next renewal.
   */
  #hearUnasked(heard: Heard, at: Moment): RefusalCode | undefined {
    const { reply, nonce } = heard;
    const isNew =
      equalBytes(nonce.subarray(0, EPOCH_SIZE), this.agent.epoch) && numberOf(heard) > this.#number;
    if (!isNew) return undefined;
    this.#number = numberOf(heard);
    if (reply.kind === 'refused') return reply.code;
    if (reply.kind === 'ending') this.#ends(reply.code, clientDeadline(at.mono, reply.term), at);
    return undefined;
  }

  #renewed(sentAt: Instant, term: Seconds): void {
    this.#until = instant(Math.max(this.#until, clientDeadline(sentAt, term)));
    const isNews = this.#renewals.isUnreachable || this.#ending !== undefined;
    this.#ending = undefined;
    this.#unreachableAt = undefined;
    this.#renewals.renewed(sentAt, term);
    if (isNews) this.tellHeld();
  }

  #ends(code: RefusalCode, until: Instant, at: Moment): void {
    this.#until = instant(Math.min(this.#until, until));
    this.#unreachableAt = undefined;
    this.#renewals.ending(at.mono, between(at.mono, this.#until));
    const told = this.#ending;
    if (told?.code === code && told.toldUntil - this.#until < TELL_MS) return;
    this.#ending = { code, toldUntil: this.#until };
    const state = { agent: agentSeen(this.agent), code, until: this.#until };
    this.#parts.voice.tell({ kind: 'ending', ...state });
  }

  #renew(at: Moment): void {
    this.#parts.voice.say(this.agent, this.#renewal(at));
  }

  /** Each renewal has an id of its own: its answer extends the seat from when that one was sent. */
  #renewal(at: Moment): Extract<Request, { kind: 'renew' }> {
    const id = this.#parts.voice.nextId();
    const idle = this.#parts.idleness.at(at.mono);
    this.#saidIdle = idle;
    this.#renewals.sent(id, at.mono);
    return { kind: 'renew', id, idle };
  }
}
