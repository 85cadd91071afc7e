/** A seat that is held: renews it, follows its agent, hears when it ends. */

import { equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import { clientDeadline } from '../lease-time.ts';
import type { Offer } from '../offers.ts';
import { encodeRequest } from '../packet.ts';
import type { RefusalCode } from '../refusal.ts';
import type { Reply } from '../replies.ts';
import type { SignedLicense } from '../signed-license.ts';
import { type Instant, instant, type Moment, type Seconds, secondsToMillis } from '../units.ts';
import type { AgentLink } from './agent-link.ts';
import { agentSeen, type KnownAgent } from './agent-list.ts';
import { Renewals } from './renewals.ts';
import type { SeatEffect } from './seat-events.ts';
import type { SeatSearch } from './seat-search.ts';

/** What an agent granted. */
export interface Grant {
  readonly agent: KnownAgent;
  readonly class: string;
  readonly hash: Uint8Array;
  readonly term: Seconds;
  /** The seat may be believed in before this instant. */
  until: Instant;
}

export interface SeatHoldParts {
  readonly link: AgentLink;
  readonly search: SeatSearch;
  /** The session's next request id. */
  readonly nextId: () => number;
  /** Differs between clients, 0 to 1. */
  readonly spread: number;
}

/** Offers tried between two renewals: a flood of forged ones pushes no genuine answer aside. */
const FOLLOWS_MAX = 4;

export class SeatHold {
  readonly grant: Grant;
  readonly license: SignedLicense;
  readonly #parts: SeatHoldParts;
  readonly #renewals: Renewals;
  #follows = 0;

  constructor(grant: Grant, license: SignedLicense, parts: SeatHoldParts) {
    this.grant = grant;
    this.license = license;
    this.#parts = parts;
    // As if renewed when the seat was asked for: proving its license may have taken a while.
    const since = instant(grant.until - secondsToMillis(grant.term));
    this.#renewals = new Renewals(since, grant.term, parts.spread);
  }

  /** When there is something to do, or nothing to believe in any more. */
  get wakeAt(): Instant {
    return instant(Math.min(this.#renewals.dueAt, this.grant.until));
  }

  tellHeld(effects: SeatEffect[]): void {
    const { agent, until } = this.grant;
    const { license } = this;
    const state = {
      kind: 'held',
      agent: agentSeen(agent),
      class: this.grant.class,
      license,
      until,
    } as const;
    effects.push({ kind: 'state', state });
  }

  /** Renews the seat when that is due. */
  keep(at: Moment, effects: SeatEffect[]): void {
    const { agent, term, until } = this.grant;
    if (at.mono < this.#renewals.dueAt) return;
    this.#follows = 0;
    if (this.#renewals.begin(at.mono, term)) {
      effects.push({
        kind: 'state',
        state: { kind: 'unreachable', agent: agentSeen(agent), until },
      });
    }
    // Silence may mean that the agent has moved or has forgotten the session: look for it, too.
    if (this.#renewals.isUnreachable) effects.push(this.#parts.search.askAround(at.mono));
    this.#renew(at, effects);
  }

  /**
   * The agent of this seat offers again, perhaps elsewhere, perhaps without memory of the session.
   * Anybody can make an offer, so it is tried beside the address known, and believed when an answer
   * opens.
   */
  follow(offer: Offer, from: Endpoint, at: Moment, effects: SeatEffect[]): void {
    const { agent } = this.grant;
    if (!this.#renewals.isWaiting || !equalBytes(offer.agentKey, agent.offer.agentKey)) return;
    if (++this.#follows > FOLLOWS_MAX) return;
    const renewal = this.#encodeRenewal(at);
    const rumoured = { ...agent, offer, epoch: offer.epoch };
    const bytes = renewal && this.#parts.link.hello(rumoured, renewal);
    if (bytes !== undefined) effects.push({ kind: 'send', to: from, bytes });
  }

  /** Takes in what the agent replied; the code when the seat is lost by it. */
  hear(
    reply: Reply,
    nonce: Uint8Array,
    from: Endpoint,
    at: Moment,
    effects: SeatEffect[],
  ): RefusalCode | undefined {
    const sentAt = this.#renewals.sentAt(reply.id);
    if (reply.kind === 'refused' && (sentAt !== undefined || reply.id === 0)) return reply.code;
    if (sentAt === undefined) return undefined;
    // It opened, and no reply answers a pending renewal twice: this is where the agent is.
    this.grant.agent.endpoint = from;
    this.#parts.link.adoptEpoch(this.grant.agent, nonce);
    if (reply.kind === 'new-epoch') this.#renew(at, effects);
    if (reply.kind === 'renewed') this.#renewed(sentAt, reply.term, effects);
    return undefined;
  }

  #renewed(sentAt: Instant, term: Seconds, effects: SeatEffect[]): void {
    const { grant } = this;
    grant.until = instant(Math.max(grant.until, clientDeadline(sentAt, term)));
    const wasUnreachable = this.#renewals.isUnreachable;
    this.#renewals.answered(sentAt, term);
    if (wasUnreachable) this.tellHeld(effects);
  }

  #renew(at: Moment, effects: SeatEffect[]): void {
    const { agent } = this.grant;
    const renewal = this.#encodeRenewal(at);
    const bytes = renewal && this.#parts.link.request(agent, renewal);
    if (bytes !== undefined) effects.push({ kind: 'send', to: agent.endpoint, bytes });
  }

  /** Each renewal has an id of its own: its answer extends the seat from when that one was sent. */
  #encodeRenewal(at: Moment): Uint8Array | undefined {
    const id = this.#parts.nextId();
    this.#renewals.sent(id, at.mono);
    return encodeRequest({ kind: 'renew', id });
  }
}
