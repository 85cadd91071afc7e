/**
 * Questions to one agent, sealed, as a pure state machine: finds an agent, asks, asks again under
 * the same id until it is answered, and stays with that agent for what is asked next. What must not
 * be counted twice is never carried to a second agent while the first may have counted it.
 */

import { equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Frame } from '../frame.ts';
import { type Offer, SPOKEN } from '../offers.ts';
import { buildDiscover, encodeRequest, parseFrame } from '../packet.ts';
import type { Primitives } from '../primitives.ts';
import type { RefusalCode } from '../refusal.ts';
import type { Reply } from '../replies.ts';
import type { Request } from '../requests.ts';
import { assert, unreachable } from '../result.ts';
import { after, type Instant, instant } from '../units.ts';
import { isAddressedTo } from './addressed.ts';
import { AgentLink } from './agent-link.ts';
import { AgentList, agentSeen, type KnownAgent } from './agent-list.ts';
import type { LineEffect } from './line-effect.ts';
import { askAgainAfter, discoverAgainAfter } from './pace.ts';
import type { AgentSeen, SeatFailure } from './seat-events.ts';

/** Attempts at one question before its agent counts as silent. */
const ATTEMPTS_MAX = 6;
/** After this long, agents that named no free seat of the product are asked, too. */
const SETTLE_MS = 300;
/** After this long, a search ends as soon as every agent that answered has said no. */
const EARLY_END_MS = 700;

type Unnumbered<R> = R extends Request ? Omit<R, 'id'> : never;

/** A request that does not have its id yet. */
export type Question = Unnumbered<Request>;

/** An agent that is known from before. */
export interface AgentSought {
  /** Its X25519 key. */
  readonly key: Uint8Array;
  /** Where it was last; `undefined` where nobody knows. */
  readonly endpoint: Endpoint | undefined;
}

export interface ErrandOptions {
  /** Agents that have free seats of it are asked first. */
  readonly product: string;
  /** The only agent that may be asked, wherever it is; `null` for any. */
  readonly agent: AgentSought | null;
  /** How long to look for an agent, in milliseconds. */
  readonly patience: number;
  /** The session's X25519 secret: 32 fresh random bytes, or that of a session taken up again. */
  readonly secret: Uint8Array;
  /** Datagrams numbered, and ids used, under that secret before. */
  readonly sent: number;
  readonly lastId: number;
  /** 16 fresh random bytes: names this search, so that old offers are not taken for answers. */
  readonly nonce: Uint8Array;
  readonly primitives: Primitives;
}

export type ErrandEvent =
  /** The agent that answered before is asked, if there is one. One question at a time. */
  | { readonly kind: 'ask'; readonly question: Question }
  | { readonly kind: 'datagram'; readonly from: Endpoint; readonly bytes: Uint8Array }
  | { readonly kind: 'wake' };

/** What came of a question: a refusal is a failure, and so is silence. */
export type ErrandEnd =
  | { readonly kind: 'answered'; readonly reply: Reply; readonly agent: AgentSeen }
  | { readonly kind: 'failed'; readonly failure: SeatFailure; readonly asked: Uint8Array | null };

export type ErrandEffect = LineEffect | { readonly kind: 'end'; readonly end: ErrandEnd };

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'seeking'; readonly request: Request }
  | { readonly kind: 'asking'; readonly request: Request; readonly agent: KnownAgent };

/** After these an agent has certainly not counted a draw, and another may. */
const NOT_COUNTED: ReadonlySet<RefusalCode> = new Set(['no-license', 'no-meter', 'meter-empty']);

export class Errand {
  readonly #options: ErrandOptions;
  readonly #link: AgentLink;
  readonly #agents = new AgentList();
  #phase: Phase = { kind: 'idle' };
  #lastId: number;
  /** The only agent that may be asked: the one sought, or the one that may have counted. */
  #only: Uint8Array | null;
  /** A draw's agent fell silent: it may have counted. */
  #doubt: SeatFailure | undefined;
  /** The agent that answered. */
  #agent: KnownAgent | undefined;
  #startedAt = instant(0);
  #askedAround = 0;
  #attempts = 0;
  #dueAt = instant(0);
  #effects: ErrandEffect[] = [];

  constructor(options: ErrandOptions) {
    this.#options = options;
    this.#link = new AgentLink(options.secret, options.primitives, options.sent);
    this.#lastId = options.lastId;
    this.#only = options.agent?.key ?? null;
  }

  /** Whether a datagram can be an answer to it: any other changes nothing in it. */
  concerns(bytes: Uint8Array): boolean {
    return isAddressedTo(bytes, { nonce: this.#options.nonce, clientKey: this.#link.clientKey });
  }

  get isIdle(): boolean {
    return this.#phase.kind === 'idle';
  }

  /** Takes in one event and returns what must be done, in order. */
  step(event: ErrandEvent, now: Instant): readonly ErrandEffect[] {
    this.#effects = [];
    switch (event.kind) {
      case 'ask':
        this.#begin(event.question, now);
        break;
      case 'datagram':
        this.#hear(event.from, event.bytes, now);
        break;
      case 'wake':
        break;
      default:
        unreachable(event);
    }
    this.#work(now);
    if (!this.isIdle) this.#effects.push({ kind: 'wake-at', at: this.#nextWake() });
    return this.#effects;
  }

  #begin(question: Question, now: Instant): void {
    assert(this.isIdle, 'two questions at a time');
    const request: Request = { ...question, id: ++this.#lastId };
    this.#startedAt = now;
    if (encodeRequest(request) === undefined) return this.#fail({ kind: 'too-long' });
    if (this.#agent !== undefined) return this.#ask(this.#agent, request, now);
    this.#askedAround = 0;
    this.#doubt = undefined;
    this.#dueAt = now;
    this.#phase = { kind: 'seeking', request };
  }

  #work(now: Instant): void {
    const phase = this.#phase;
    if (phase.kind === 'seeking') this.#seek(phase.request, now);
    else if (phase.kind === 'asking' && now >= this.#dueAt) this.#askAgain(phase, now);
  }

  #nextWake(): Instant {
    if (this.#phase.kind === 'asking') return this.#dueAt;
    const times = [this.#dueAt, this.#startedAt + this.#options.patience];
    if (this.#agents.allRefused) times.push(this.#startedAt + EARLY_END_MS);
    else if (this.#nextAgent(true) !== undefined) times.push(this.#startedAt + SETTLE_MS);
    return instant(Math.min(...times));
  }

  #end(end: ErrandEnd): void {
    this.#phase = { kind: 'idle' };
    this.#effects.push({ kind: 'end', end });
  }

  #fail(failure: SeatFailure): void {
    this.#end({ kind: 'failed', failure, asked: this.#only });
  }

  // --- seeking ---

  #seek(request: Request, now: Instant): void {
    const elapsed = now - this.#startedAt;
    const agent = this.#nextAgent(this.#only !== null || elapsed >= SETTLE_MS);
    if (agent !== undefined) return this.#ask(agent, request, now);
    const isRefused = this.#agents.allRefused && elapsed >= EARLY_END_MS;
    if (isRefused || elapsed >= this.#options.patience) {
      return this.#fail(this.#doubt ?? this.#agents.failure());
    }
    if (now >= this.#dueAt) this.#askAround(now);
  }

  /** Whom to ask: of the only agent that may be, each address where it seems to be. */
  #nextAgent(anyone: boolean): KnownAgent | undefined {
    for (;;) {
      const agent = this.#agents.next(this.#options.product, anyone, []);
      if (agent === undefined || this.#mayAsk(agent)) return agent;
      this.#agents.failed(agent, { kind: 'no-agent' });
    }
  }

  #mayAsk(agent: KnownAgent): boolean {
    return this.#only === null || equalBytes(agent.offer.agentKey, this.#only);
  }

  #askAround(now: Instant): void {
    const { nonce, product, agent } = this.#options;
    const bytes = buildDiscover({ nonce, versions: SPOKEN, product });
    this.#effects.push({ kind: 'ask-around', bytes });
    // It may be where broadcasts do not reach.
    if (agent?.endpoint !== undefined) {
      this.#effects.push({ kind: 'send', to: agent.endpoint, bytes });
    }
    this.#dueAt = after(now, discoverAgainAfter(++this.#askedAround));
  }

  // --- asking ---

  #ask(agent: KnownAgent, request: Request, now: Instant): void {
    if (request.kind === 'draw') this.#only = agent.offer.agentKey;
    this.#attempts = 0;
    this.#phase = { kind: 'asking', request, agent };
    this.#send(agent, request, now);
  }

  #askAgain({ agent, request }: Extract<Phase, { kind: 'asking' }>, now: Instant): void {
    if (this.#attempts < ATTEMPTS_MAX) return this.#send(agent, request, now);
    this.#tryNext(agent, request, { kind: 'silent', agent: agentSeen(agent) }, now);
  }

  /** As a hello: its agent may not know the session, or not know it any more. */
  #send(agent: KnownAgent, request: Request, now: Instant): void {
    const body = encodeRequest(request);
    const bytes = body && this.#link.hello(agent, body);
    if (bytes !== undefined) this.#effects.push({ kind: 'send', to: agent.endpoint, bytes });
    // Of an agent whose key is unusable nothing can be heard either.
    else this.#attempts = ATTEMPTS_MAX;
    this.#dueAt = after(now, askAgainAfter(++this.#attempts));
  }

  #tryNext(agent: KnownAgent, request: Request, failure: SeatFailure, now: Instant): void {
    if (this.#agent !== undefined) return this.#fail(failure);
    this.#agents.failed(agent, failure);
    if (request.kind === 'draw' && !this.#mayGoOn(failure)) return this.#fail(failure);
    this.#phase = { kind: 'seeking', request };
    this.#dueAt = now;
    this.#seek(request, now);
  }

  /** Whether a draw may be asked again after this: of the same agent, unless it has not counted. */
  #mayGoOn(failure: SeatFailure): boolean {
    if (failure.kind === 'silent') {
      this.#doubt = failure;
      return true;
    }
    const isCertain = failure.kind === 'refused' && NOT_COUNTED.has(failure.code);
    if (isCertain) this.#only = this.#options.agent?.key ?? null;
    return isCertain;
  }

  // --- hearing ---

  #hear(from: Endpoint, bytes: Uint8Array, now: Instant): void {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') return;
    if (frame.kind === 'offer') this.#hearOffer(frame.offer, from);
    if (frame.kind === 'reply') this.#hearReply(frame, from, now);
  }

  #hearOffer(offer: Offer, from: Endpoint): void {
    if (!equalBytes(offer.nonce, this.#options.nonce)) return;
    const { agent } = this.#options;
    const isSought = agent === null || equalBytes(offer.agentKey, agent.key);
    if (isSought) this.#agents.note(offer, from);
  }

  #hearReply(frame: Extract<Frame, { kind: 'reply' }>, from: Endpoint, now: Instant): void {
    const phase = this.#phase;
    if (phase.kind !== 'asking') return;
    const { agent, request } = phase;
    const reply = this.#link.open(agent, frame);
    if (reply?.id !== request.id) return;
    if (reply.kind === 'new-epoch') {
      // The agent has started anew: number the question from its new epoch.
      this.#link.adoptEpoch(agent, frame.nonce);
      this.#dueAt = now;
      return;
    }
    if (reply.kind === 'refused') {
      const { code, inUse, seats } = reply;
      const failure = { kind: 'refused', agent: agentSeen(agent), code, inUse, seats } as const;
      return this.#tryNext(agent, request, failure, now);
    }
    agent.endpoint = from;
    this.#agent = agent;
    this.#end({ kind: 'answered', reply, agent: agentSeen(agent) });
  }
}
