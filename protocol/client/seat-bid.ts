/**
 * One try to get a seat from one agent: ask for it, stand in its line if it has one, and prove what
 * it grants.
 */

import { bytesToHex } from '../bytes.ts';
import { clientDeadline } from '../lease-time.ts';
import { EPOCH_SIZE } from '../limits.ts';
import { encodeRequest } from '../packet.ts';
import type { Primitives } from '../primitives.ts';
import type { Reply } from '../replies.ts';
import type { Request, SeatWish } from '../requests.ts';
import { after, type Instant, type Moment, type Seconds, secondsToMillis } from '../units.ts';
import { agentSeen, type KnownAgent } from './agent-list.ts';
import { Asking } from './asking.ts';
import { type Heard, isFrom, numberOf } from './heard.ts';
import type { Jitter } from './jitter.ts';
import { queueAgainAfter, queueInsistAfter } from './pace.ts';
import type { Distrust, SeatFailure } from './seat-events.ts';
import type { Grant } from './seat-hold.ts';
import { SeatProof } from './seat-proof.ts';
import type { ProvenSeat } from './seat-trust.ts';
import type { Voice } from './voice.ts';

/** Attempts at one request before its agent counts as silent. */
const ATTEMPTS_MAX = 6;
/** Attempts after which others are asked, too, while this one is waited for. */
const HESITATION_MAX = 3;
/** An agent whose queue this stands in may be silent for so many times what it said. */
const QUEUE_SILENCE = 2;

export interface BidParts {
  readonly voice: Voice;
  readonly jitter: Jitter;
  readonly wish: SeatWish;
  /** Stand in line where there is no seat. */
  readonly wait: boolean;
  readonly vendorKeys: readonly Uint8Array[] | null;
  readonly primitives: Primitives;
  readonly documents: Map<string, Uint8Array>;
  /** By the agent's key: what it said of our place in its line last. */
  readonly tickets: Map<string, Uint8Array>;
  /** Of a seat that is held at another agent of the same site: it is to go on here. */
  readonly seatTicket?: Uint8Array;
}

/** A seat that was granted and whose licenses are believed. */
export interface Won {
  readonly kind: 'won';
  readonly grant: Grant;
  readonly proven: ProvenSeat;
}

/** How a bid ended. `counted`: the agent may have counted a seat for it, or a place in its line. */
export type BidEnd =
  | Won
  | { readonly kind: 'lost'; readonly failure: SeatFailure; readonly counted: boolean };

interface Place {
  readonly ahead: number;
  /** To be asked again within. */
  readonly within: Seconds;
  readonly heardAt: Instant;
}

/** Asking, and perhaps standing in line. */
interface AskingStage {
  readonly kind: 'asking';
  readonly asking: Asking;
  place: Place | undefined;
  /** The agent has answered this very request with a place. */
  isQueued: boolean;
  /** It was sent because the agent said that it is our turn. */
  isTurn: boolean;
}

interface ProvingStage {
  readonly kind: 'proving';
  readonly asking: Asking;
  readonly grant: Grant;
  readonly proof: SeatProof;
}

type Stage = AskingStage | ProvingStage | { readonly kind: 'ended'; readonly end: BidEnd };

export class SeatBid {
  readonly agent: KnownAgent;
  readonly #parts: BidParts;
  #stage: Stage;

  constructor(agent: KnownAgent, parts: BidParts, at: Moment) {
    this.agent = agent;
    this.#parts = parts;
    this.#stage = this.#acquire(undefined, at);
  }

  get end(): BidEnd | undefined {
    return this.#stage.kind === 'ended' ? this.#stage.end : undefined;
  }

  /** How many are before it in the agent's line; `undefined` when it does not stand in one. */
  get ahead(): number | undefined {
    return this.#stage.kind === 'asking' ? this.#stage.place?.ahead : undefined;
  }

  /** It waits for an answer that is no surprise yet: others need not be asked. */
  get isFresh(): boolean {
    const stage = this.#stage;
    if (stage.kind === 'ended' || this.ahead !== undefined) return false;
    return stage.asking.attempts <= HESITATION_MAX;
  }

  /** It stands in a line, and what it asked last was not answered: the agent may have started anew. */
  get isUnheard(): boolean {
    return (
      this.ahead !== undefined && this.#stage.kind === 'asking' && this.#stage.asking.attempts > 1
    );
  }

  get wakeAt(): Instant | undefined {
    return this.#stage.kind === 'ended' ? undefined : this.#stage.asking.againAt;
  }

  /** Asks again when that is due, and gives up an agent that stays silent. */
  keep(at: Moment): void {
    const stage = this.#stage;
    if (stage.kind === 'ended' || at.mono < stage.asking.againAt) return;
    if (isSilent(stage, at.mono) || !this.#askAgain(stage, at.mono)) this.#silent();
  }

  #askAgain(stage: AskingStage | ProvingStage, now: Instant): boolean {
    const place = stage.kind === 'asking' && !stage.isTurn ? stage.place : undefined;
    if (place === undefined) return stage.asking.send(now);
    return stage.asking.send(now, (attempts) => queueInsistAfter(attempts, place.within));
  }

  hear(heard: Heard, at: Moment): void {
    const stage = this.#stage;
    if (stage.kind === 'ended' || !isFrom(heard, this.agent)) return;
    const { reply } = heard;
    if (reply.id === 0) return this.#hearUnasked(stage, reply, at);
    if (reply.id !== stage.asking.request.id) return;
    if (reply.kind === 'new-epoch') return stage.asking.adoptEpoch(heard.nonce, at.mono);
    if (stage.kind === 'asking') this.#hearAcquire(stage, heard, at);
    else this.#hearPiece(stage, reply, at);
  }

  // --- asking and standing in line ---

  #acquire(place: Place | undefined, at: Moment): Stage {
    const { voice, wish, wait } = this.#parts;
    const request = this.#withTicket({ kind: 'acquire', id: voice.nextId(), wish, wait });
    const asking = new Asking(voice, this.agent, request, at.mono);
    const isTurn = place !== undefined;
    if (asking.send(at.mono)) return { kind: 'asking', asking, place, isQueued: false, isTurn };
    const failure = { kind: 'silent', agent: agentSeen(this.agent) } as const;
    return { kind: 'ended', end: { kind: 'lost', failure, counted: false } };
  }

  /** Should the agent start anew it knows us by that. A request that is full already goes without. */
  #withTicket(request: Extract<Request, { kind: 'acquire' }>): Request {
    const ticket = this.#parts.tickets.get(this.#agentKey) ?? this.#parts.seatTicket;
    const shown = ticket === undefined ? request : { ...request, ticket };
    return encodeRequest(shown) === undefined ? request : shown;
  }

  get #agentKey(): string {
    return bytesToHex(this.agent.offer.agentKey);
  }

  #hearAcquire(stage: AskingStage, heard: Heard, at: Moment): void {
    const { reply } = heard;
    switch (reply.kind) {
      case 'refused':
        return this.#lose(refusalOf(this.agent, reply), false);
      case 'queued':
        return this.#hearPlace(stage, reply, at);
      case 'granted':
        return this.#hearGrant(stage, reply, heard, at);
      default:
        return;
    }
  }

  /** Said as soon as the agent knows: it is our turn. */
  #hearUnasked(stage: AskingStage | ProvingStage, reply: Reply, at: Moment): void {
    if (reply.kind !== 'queued' || !reply.turn) return;
    if (stage.kind === 'asking' && stage.isQueued) this.#hearPlace(stage, reply, at);
  }

  #hearPlace(
    stage: AskingStage,
    { ahead, turn, seconds: within, ticket }: Extract<Reply, { kind: 'queued' }>,
    at: Moment,
  ): void {
    if (ticket !== undefined) this.#parts.tickets.set(this.#agentKey, ticket);
    const place = { ahead, within, heardAt: at.mono };
    if (turn && !stage.isTurn) {
      this.#stage = this.#acquire(place, at);
      return;
    }
    stage.place = place;
    const { request } = stage.asking;
    if (request.kind === 'acquire') stage.asking.request = this.#withTicket(request);
    stage.isQueued = true;
    // Who came when told to, and is told so once more, comes again, but takes the time for it.
    stage.isTurn = false;
    stage.asking.postpone(after(at.mono, queueAgainAfter(within, this.#parts.jitter.next())));
  }

  #hearGrant(
    stage: AskingStage,
    { term, overdraft, parts, takeover }: Extract<Reply, { kind: 'granted' }>,
    heard: Heard,
    at: Moment,
  ): void {
    if (stage.isQueued) {
      // Nobody knows which of its repetitions was granted: none can be counted from.
      this.#stage = this.#acquire(stage.place, at);
      return;
    }
    const until = clientDeadline(stage.asking.firstSentAt, term);
    // A copy: offers, which anybody can make, say nothing to who has a seat.
    const agent = { ...this.agent, epoch: heard.nonce.slice(0, EPOCH_SIZE) };
    const plain = { agent, term, until, overdraft, number: numberOf(heard) };
    const grant = takeover === undefined ? plain : { ...plain, takeover };
    this.#prove(grant, new SeatProof(parts, this.#parts.documents), at);
  }

  // --- proving ---

  #prove(grant: Grant, proof: SeatProof, at: Moment): void {
    const { missing } = proof;
    if (missing === undefined) return this.#judge(grant, proof, at);
    const request = { kind: 'document', id: this.#parts.voice.nextId(), ...missing } as const;
    const asking = new Asking(this.#parts.voice, grant.agent, request, at.mono);
    this.#stage = { kind: 'proving', asking, grant, proof };
    if (!asking.send(at.mono)) this.#silent();
  }

  #hearPiece({ grant, proof }: ProvingStage, reply: Reply, at: Moment): void {
    // The license was removed in between, most likely.
    if (reply.kind === 'refused') return this.#lose(refusalOf(this.agent, reply), true);
    if (reply.kind !== 'piece' || !proof.add(reply)) return this.#distrust('not-proven');
    this.#prove(grant, proof, at);
  }

  #judge(grant: Grant, proof: SeatProof, at: Moment): void {
    const { primitives } = this.#parts;
    const question = { ...this.#parts, agentKey: this.agent.offer.agentKey };
    const judged = proof.judge(question, at.wall, primitives);
    if (!judged.ok) return this.#distrust(judged.error);
    if (at.mono >= grant.until) return this.#silent();
    this.#stage = { kind: 'ended', end: { kind: 'won', grant, proven: judged.value } };
  }

  // --- the end ---

  #distrust(reason: Distrust): void {
    this.#lose({ kind: 'untrusted', agent: agentSeen(this.agent), reason }, true);
  }

  #silent(): void {
    this.#lose({ kind: 'silent', agent: agentSeen(this.agent) }, true);
  }

  #lose(failure: SeatFailure, counted: boolean): void {
    this.#stage = { kind: 'ended', end: { kind: 'lost', failure, counted } };
  }
}

const isSilent = (stage: AskingStage | ProvingStage, now: Instant): boolean => {
  if (stage.asking.attempts < ATTEMPTS_MAX) return false;
  const place = stage.kind === 'asking' ? stage.place : undefined;
  if (place === undefined) return true;
  return now - place.heardAt > QUEUE_SILENCE * secondsToMillis(place.within);
};

const refusalOf = (
  agent: KnownAgent,
  { code, inUse, seats }: Extract<Reply, { kind: 'refused' }>,
): SeatFailure => ({ kind: 'refused', agent: agentSeen(agent), code, inUse, seats });
