/**
 * One seat from the client's side, as a pure state machine: look for agents, ask one for a seat,
 * check the license behind it, hold it by renewing, and stop believing in it in time.
 */

import { bytesToHex } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Holder } from '../holder.ts';
import { type LeaseId, leaseId } from '../ids.ts';
import { clientDeadline } from '../lease-time.ts';
import type { Offer } from '../offers.ts';
import { encodeRequest, type Frame, parseFrame } from '../packet.ts';
import type { Primitives } from '../primitives.ts';
import type { Reply } from '../replies.ts';
import type { Request } from '../requests.ts';
import { unreachable } from '../result.ts';
import type { SignedLicense } from '../signed-license.ts';
import { after, type Instant, type Moment } from '../units.ts';
import { AgentLink } from './agent-link.ts';
import { agentSeen, type KnownAgent } from './agent-list.ts';
import { LicenseProof } from './license-proof.ts';
import { judgeLicense } from './license-trust.ts';
import { askAgainAfter } from './pace.ts';
import type { SeatEffect, SeatEvent, SeatFailure, SeatState } from './seat-events.ts';
import { type Grant, SeatHold } from './seat-hold.ts';
import { SeatSearch } from './seat-search.ts';

/** Attempts at one request before its agent counts as silent. */
const ATTEMPTS_MAX = 6;
/** Releases sent without an answer before the seat is left to lapse. */
const RELEASES_MAX = 4;
/** Documents remembered by all seats of an application. */
const DOCUMENTS_MAX = 64;

export interface SeatSessionOptions {
  readonly product: string;
  readonly class: string | null;
  readonly features: readonly string[];
  readonly holder: Holder;
  /** The vendors' keys that the application trusts; `null` believes any signer. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  /** How long to look for an agent, in milliseconds. */
  readonly patience: number;
  /** 32 fresh random bytes: the session's X25519 secret. */
  readonly secret: Uint8Array;
  /** 16 fresh random bytes: names this search, so that old offers are not taken for answers. */
  readonly nonce: Uint8Array;
  readonly primitives: Primitives;
  /** License documents seen before, by hash; shared by the seats of one application. */
  readonly documents: Map<string, Uint8Array>;
}

/** A request on its way: sent again, under the same id, until it is answered. */
interface Asking {
  readonly agent: KnownAgent;
  readonly request: Request;
  readonly firstSentAt: Instant;
  attempts: number;
  againAt: Instant;
}

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'seeking' }
  | { readonly kind: 'over' }
  | { readonly kind: 'acquiring'; readonly asking: Asking }
  | {
      readonly kind: 'proving';
      readonly asking: Asking;
      readonly grant: Grant;
      readonly proof: LicenseProof;
    }
  | { readonly kind: 'holding'; readonly hold: SeatHold }
  /** `then` is told when the agent has answered or is given up. */
  | { readonly kind: 'releasing'; readonly asking: Asking; readonly then: SeatState | null };

export class SeatSession {
  readonly #options: SeatSessionOptions;
  readonly #link: AgentLink;
  readonly #search: SeatSearch;
  readonly #spread: number;
  #phase: Phase = { kind: 'idle' };
  #lastId = 0;
  #effects: SeatEffect[] = [];

  constructor(options: SeatSessionOptions) {
    this.#options = options;
    this.#link = new AgentLink(options.secret, options.primitives);
    this.#search = new SeatSearch(options);
    this.#spread = (this.#link.clientKey[31] ?? 0) / 256;
  }

  get leaseId(): LeaseId {
    return leaseId(this.#link.clientKey);
  }

  /** The name of this session on the wire: the start of it is in every reply. */
  get clientKey(): Uint8Array {
    return this.#link.clientKey;
  }

  /** Before when the seat is believed in; `undefined` when none is held. */
  get until(): Instant | undefined {
    return this.#phase.kind === 'holding' ? this.#phase.hold.grant.until : undefined;
  }

  get isOver(): boolean {
    return this.#phase.kind === 'over';
  }

  /** Takes in one event and returns what must be done, in order. */
  step(event: SeatEvent, at: Moment): readonly SeatEffect[] {
    this.#effects = [];
    this.#expire(at);
    switch (event.kind) {
      case 'start':
        this.#start(at);
        break;
      case 'datagram':
        this.#hear(event.from, event.bytes, at);
        break;
      case 'release':
        this.#giveUp(at);
        break;
      case 'wake':
        break;
      default:
        unreachable(event);
    }
    this.#work(at);
    const wakeAt = this.#nextWake();
    if (wakeAt !== undefined) this.#effects.push({ kind: 'wake-at', at: wakeAt });
    return this.#effects;
  }

  /** Before anything else is believed: a term that ran out, perhaps while the computer slept. */
  #expire(at: Moment): void {
    const phase = this.#phase;
    if (phase.kind === 'holding' && at.mono >= phase.hold.grant.until) {
      this.#lose(phase.hold.grant, 'not-renewed', at);
    }
  }

  #start(at: Moment): void {
    this.#search.start(at.mono);
    this.#phase = { kind: 'seeking' };
    this.#tell({ kind: 'seeking' });
  }

  /** Does what is due in the present phase. */
  #work(at: Moment): void {
    const phase = this.#phase;
    switch (phase.kind) {
      case 'seeking':
        return this.#seek(at);
      case 'acquiring':
      case 'proving':
        return this.#keepAsking(phase, at);
      case 'holding':
        return phase.hold.keep(at, this.#effects);
      case 'releasing':
        return this.#keepReleasing(phase, at);
      case 'idle':
      case 'over':
        return;
      default:
        return unreachable(phase);
    }
  }

  #nextWake(): Instant | undefined {
    const phase = this.#phase;
    switch (phase.kind) {
      case 'seeking':
        return this.#search.nextWake();
      case 'acquiring':
      case 'proving':
      case 'releasing':
        return phase.asking.againAt;
      case 'holding':
        return phase.hold.wakeAt;
      case 'idle':
      case 'over':
        return undefined;
      default:
        return unreachable(phase);
    }
  }

  #tell(state: SeatState): void {
    this.#effects.push({ kind: 'state', state });
  }

  // --- seeking ---

  #seek(at: Moment): void {
    const step = this.#search.next(at.mono);
    switch (step.kind) {
      case 'ask':
        return this.#acquire(step.agent, at);
      case 'ask-around':
        this.#effects.push(step);
        return;
      case 'fail':
        return this.#fail(step.failure);
      case 'wait':
        return;
      default:
        return unreachable(step);
    }
  }

  #fail(failure: SeatFailure): void {
    this.#phase = { kind: 'over' };
    this.#tell({ kind: 'failed', failure });
  }

  // --- asking ---

  #ask(agent: KnownAgent, request: Request, at: Moment): Asking | undefined {
    const asking = { agent, request, firstSentAt: at.mono, attempts: 0, againAt: at.mono };
    return this.#sendAgain(asking, at) ? asking : undefined;
  }

  /** Sends a request, as a hello: its agent may not know the session, or not know it any more. */
  #sendAgain(asking: Asking, at: Moment): boolean {
    const body = encodeRequest(asking.request);
    if (body === undefined) return false;
    const bytes = this.#link.hello(asking.agent, body);
    if (bytes === undefined) return false;
    this.#effects.push({ kind: 'send', to: asking.agent.endpoint, bytes });
    asking.againAt = after(at.mono, askAgainAfter(++asking.attempts));
    return true;
  }

  #acquire(agent: KnownAgent, at: Moment): void {
    const { product, features, holder } = this.#options;
    const request: Request = {
      kind: 'acquire',
      id: ++this.#lastId,
      product,
      class: this.#options.class,
      features,
      holder,
    };
    if (encodeRequest(request) === undefined) return this.#fail({ kind: 'too-long' });
    const asking = this.#ask(agent, request, at);
    if (asking !== undefined) this.#phase = { kind: 'acquiring', asking };
    else this.#tryNext(agent, { kind: 'silent', agent: agentSeen(agent) }, at);
  }

  #keepAsking(phase: Extract<Phase, { kind: 'acquiring' | 'proving' }>, at: Moment): void {
    const { asking } = phase;
    if (at.mono < asking.againAt) return;
    if (asking.attempts < ATTEMPTS_MAX) {
      this.#sendAgain(asking, at);
      return;
    }
    this.#sendRelease(asking.agent);
    this.#tryNext(asking.agent, { kind: 'silent', agent: agentSeen(asking.agent) }, at);
  }

  #tryNext(agent: KnownAgent, failure: SeatFailure, at: Moment): void {
    this.#search.failed(agent, failure);
    this.#phase = { kind: 'seeking' };
    this.#seek(at);
  }

  // --- hearing ---

  #hear(from: Endpoint, bytes: Uint8Array, at: Moment): void {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') return;
    if (frame.kind === 'offer') this.#hearOffer(frame.offer, from, at);
    if (frame.kind === 'reply') this.#hearReply(frame, from, at);
  }

  #hearOffer(offer: Offer, from: Endpoint, at: Moment): void {
    if (!this.#search.isAnswer(offer)) return;
    const phase = this.#phase;
    if (phase.kind === 'holding') phase.hold.follow(offer, from, at, this.#effects);
    else this.#search.note(offer, from);
  }

  #hearReply(frame: Extract<Frame, { kind: 'reply' }>, from: Endpoint, at: Moment): void {
    const phase = this.#phase;
    if (phase.kind === 'idle' || phase.kind === 'seeking' || phase.kind === 'over') return;
    const { agent } = phase.kind === 'holding' ? phase.hold.grant : phase.asking;
    const reply = this.#link.open(agent, frame);
    if (reply === undefined) return;
    if (phase.kind === 'holding') {
      const code = phase.hold.hear(reply, frame.nonce, from, at, this.#effects);
      if (code !== undefined) this.#lose(phase.hold.grant, code, at);
      return;
    }
    if (reply.id !== phase.asking.request.id) return;
    if (reply.kind === 'new-epoch') return this.#hearNewEpoch(phase.asking, frame.nonce, at);
    switch (phase.kind) {
      case 'acquiring':
        return this.#hearAcquire(phase.asking, reply, at);
      case 'proving':
        return this.#hearPiece(phase, reply, at);
      case 'releasing':
        return this.#finish(phase.then);
      default:
        return unreachable(phase);
    }
  }

  /** The agent has started anew: number the request from its new epoch. */
  #hearNewEpoch(asking: Asking, nonce: Uint8Array, at: Moment): void {
    this.#link.adoptEpoch(asking.agent, nonce);
    asking.againAt = at.mono;
  }

  #hearAcquire(asking: Asking, reply: Reply, at: Moment): void {
    const { agent } = asking;
    if (reply.kind === 'refused') return this.#refused(agent, reply, at);
    if (reply.kind !== 'granted') return;
    const until = clientDeadline(asking.firstSentAt, reply.term);
    const grant = { agent, class: reply.class, hash: reply.document, term: reply.term, until };
    const known = this.#options.documents.get(bytesToHex(reply.document));
    if (known !== undefined) return this.#prove(grant, known, at);
    this.#askPiece(grant, new LicenseProof(), at);
  }

  #refused(agent: KnownAgent, reply: Extract<Reply, { kind: 'refused' }>, at: Moment): void {
    const { code, inUse, seats } = reply;
    const failure = { kind: 'refused', agent: agentSeen(agent), code, inUse, seats } as const;
    this.#tryNext(agent, failure, at);
  }

  // --- proving ---

  #askPiece(grant: Grant, proof: LicenseProof, at: Moment): void {
    const { hash } = grant;
    const request = { kind: 'document', id: ++this.#lastId, hash, offset: proof.offset } as const;
    const asking = this.#ask(grant.agent, request, at);
    if (asking !== undefined) this.#phase = { kind: 'proving', asking, grant, proof };
  }

  #hearPiece(phase: Extract<Phase, { kind: 'proving' }>, reply: Reply, at: Moment): void {
    const { grant, proof } = phase;
    if (reply.kind === 'refused') {
      // The license was removed in between, most likely.
      this.#sendRelease(grant.agent);
      return this.#refused(grant.agent, reply, at);
    }
    if (reply.kind !== 'piece' || !proof.add(reply)) return this.#distrust(grant, 'not-proven', at);
    const { document } = proof;
    if (document === undefined) this.#askPiece(grant, proof, at);
    else this.#prove(grant, document, at);
  }

  #prove(grant: Grant, document: Uint8Array, at: Moment): void {
    const { primitives, documents } = this.#options;
    const judged = judgeLicense(document, grant.hash, this.#options, at.wall, primitives);
    if (!judged.ok) return this.#distrust(grant, judged.error, at);
    if (documents.size >= DOCUMENTS_MAX) documents.clear();
    documents.set(bytesToHex(grant.hash), document);
    if (at.mono >= grant.until) {
      return this.#tryNext(grant.agent, { kind: 'silent', agent: agentSeen(grant.agent) }, at);
    }
    this.#hold(grant, judged.value);
  }

  #distrust(
    grant: Grant,
    reason: Extract<SeatFailure, { kind: 'untrusted' }>['reason'],
    at: Moment,
  ): void {
    this.#sendRelease(grant.agent);
    const failure = { kind: 'untrusted', agent: agentSeen(grant.agent), reason } as const;
    this.#tryNext(grant.agent, failure, at);
  }

  // --- holding ---

  #hold(grant: Grant, license: SignedLicense): void {
    const parts = { link: this.#link, search: this.#search, spread: this.#spread };
    const hold = new SeatHold(grant, license, { ...parts, nextId: () => ++this.#lastId });
    this.#phase = { kind: 'holding', hold };
    hold.tellHeld(this.#effects);
  }

  #lose(grant: Grant, code: Extract<SeatState, { kind: 'lost' }>['code'], at: Moment): void {
    this.#tell({ kind: 'lost', agent: agentSeen(grant.agent), code });
    // The agent may count the seat a little longer: say that it is free.
    this.#release(grant.agent, null, at);
  }

  // --- releasing ---

  #giveUp(at: Moment): void {
    const phase = this.#phase;
    switch (phase.kind) {
      case 'holding':
        return this.#release(phase.hold.grant.agent, { kind: 'released' }, at);
      case 'acquiring':
      case 'proving':
        return this.#release(phase.asking.agent, { kind: 'released' }, at);
      case 'idle':
      case 'seeking':
        return this.#finish({ kind: 'released' });
      case 'releasing':
      case 'over':
        return;
      default:
        return unreachable(phase);
    }
  }

  #release(agent: KnownAgent, then: SeatState | null, at: Moment): void {
    const asking = this.#ask(agent, { kind: 'release', id: ++this.#lastId }, at);
    if (asking === undefined) this.#finish(then);
    else this.#phase = { kind: 'releasing', asking, then };
  }

  /** A release without waiting for its answer: the seat was never believed in. */
  #sendRelease(agent: KnownAgent): void {
    const body = encodeRequest({ kind: 'release', id: ++this.#lastId });
    const bytes = body && this.#link.hello(agent, body);
    if (bytes !== undefined) this.#effects.push({ kind: 'send', to: agent.endpoint, bytes });
  }

  #keepReleasing(phase: Extract<Phase, { kind: 'releasing' }>, at: Moment): void {
    const { asking, then } = phase;
    if (at.mono < asking.againAt) return;
    if (asking.attempts < RELEASES_MAX) this.#sendAgain(asking, at);
    else this.#finish(then);
  }

  #finish(state: SeatState | null): void {
    this.#phase = { kind: 'over' };
    if (state !== null) this.#tell(state);
  }
}
