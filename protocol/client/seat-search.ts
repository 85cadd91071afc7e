/** The search for an agent with a seat: when to ask around, whom to ask next, when to give up. */

import { equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import { type Offer, SPOKEN } from '../offers.ts';
import { buildDiscover } from '../packet.ts';
import { after, type Instant, instant } from '../units.ts';
import { AgentList, type KnownAgent } from './agent-list.ts';
import { discoverAgainAfter } from './pace.ts';
import type { SeatFailure } from './seat-events.ts';

/** After this long, agents that said "none free" are asked too: their refusal says why. */
const SETTLE_MS = 300;
/** After this long, a search ends as soon as every agent that answered has said no. */
const EARLY_END_MS = 700;

export type SearchStep =
  | { readonly kind: 'ask'; readonly agent: KnownAgent }
  | { readonly kind: 'ask-around'; readonly bytes: Uint8Array }
  | { readonly kind: 'wait' }
  | { readonly kind: 'fail'; readonly failure: SeatFailure };

export interface SeatSearchOptions {
  readonly product: string;
  /** How long to look for an agent, in milliseconds. */
  readonly patience: number;
  /** 16 fresh random bytes: names this search, so that old offers are not taken for answers. */
  readonly nonce: Uint8Array;
}

export class SeatSearch {
  readonly #options: SeatSearchOptions;
  readonly #agents = new AgentList();
  #startedAt = instant(0);
  #asked = 0;
  #askAt = instant(0);

  constructor(options: SeatSearchOptions) {
    this.#options = options;
  }

  start(now: Instant): void {
    this.#startedAt = now;
    this.#askAt = now;
  }

  /** Whether the offer was made to this search. */
  isAnswer(offer: Offer): boolean {
    return equalBytes(offer.nonce, this.#options.nonce);
  }

  /** Takes in an agent that may be asked. */
  note(offer: Offer, from: Endpoint): void {
    this.#agents.note(offer, from);
  }

  /** What came of asking an agent. */
  failed(agent: KnownAgent, failure: SeatFailure): void {
    this.#agents.failed(agent, failure);
  }

  /** What to do now. */
  next(now: Instant): SearchStep {
    const elapsed = now - this.#startedAt;
    const { product, patience } = this.#options;
    const agent = this.#agents.next(product, elapsed >= SETTLE_MS);
    if (agent !== undefined) return { kind: 'ask', agent };
    const ended = this.#agents.allRefused && elapsed >= EARLY_END_MS;
    if (ended || elapsed >= patience) return { kind: 'fail', failure: this.#agents.failure() };
    return now >= this.#askAt ? this.askAround(now) : { kind: 'wait' };
  }

  /** When `next` may have something new to do. */
  nextWake(): Instant {
    const times = [this.#askAt, this.#startedAt + this.#options.patience];
    if (this.#agents.allRefused) times.push(this.#startedAt + EARLY_END_MS);
    else if (this.#hasUntried()) times.push(this.#startedAt + SETTLE_MS);
    return instant(Math.min(...times));
  }

  askAround(now: Instant): Extract<SearchStep, { kind: 'ask-around' }> {
    const { nonce, product } = this.#options;
    this.#askAt = after(now, discoverAgainAfter(++this.#asked));
    return { kind: 'ask-around', bytes: buildDiscover({ nonce, versions: SPOKEN, product }) };
  }

  #hasUntried(): boolean {
    return this.#agents.next(this.#options.product, true) !== undefined;
  }
}
