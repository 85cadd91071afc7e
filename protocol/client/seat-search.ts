/** The search for an agent with a seat: when to ask around, whom to bid at, when to give up. */

import { equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import { type Offer, SPOKEN } from '../offers.ts';
import { buildDiscover } from '../packet.ts';
import { after, type Instant, instant, type Millis, type Moment, millis } from '../units.ts';
import type { AgentList, KnownAgent } from './agent-list.ts';
import type { Farewells } from './farewells.ts';
import type { Heard } from './heard.ts';
import {
  discoverAgainAfter,
  discoverSparelyAfter,
  lookAgainAfter,
  missedAgainAfter,
  regainAfter,
} from './pace.ts';
import { isWorthLooking } from './regaining.ts';
import { type BidParts, SeatBid, type Won } from './seat-bid.ts';
import type { SeatFailure } from './seat-events.ts';

/** After this long, agents that said "none free" are asked too: their refusal says why. */
const SETTLE_MS = 300;
/** After this long, a search ends as soon as every agent that answered has said no. */
const EARLY_END_MS = 700;
/** How long a round of looking for a lost seat lasts when nobody answers. */
const ROUND_MS = 3000;
/** How often it asks around sooner than else for an agent that let it wait and fell silent. */
const DOUBTS_MAX = 3;
/** Agents that are asked, or waited at, at a time. */
const BIDS_MAX = 16;

/**
 * `first`: the application asked for a seat. `regain`: it had one and lost it; there is no end until
 * somebody has decided. `relief`: its agent does not answer, another may have a seat free.
 */
export type SearchPurpose = 'first' | 'regain' | 'relief';

export interface SearchParts extends Omit<BidParts, 'tickets'> {
  readonly agents: AgentList;
  readonly farewells: Farewells;
  /** How long to look for an agent, in milliseconds. */
  readonly patience: number;
  /** 16 fresh random bytes: names this session's searches, so that old offers are no answers. */
  readonly nonce: Uint8Array;
}

export type SearchEnd =
  | Won
  | { readonly kind: 'failed'; readonly failure: SeatFailure }
  /** Somebody has decided that who lost a seat is to have none. */
  | { readonly kind: 'decided'; readonly failure: Refused };

type Refused = Extract<SeatFailure, { kind: 'refused' }>;

/** The datagram that asks around. */
export const buildSearch = ({ nonce, wish }: SearchParts): Uint8Array =>
  buildDiscover({ nonce, versions: SPOKEN, product: wish.product });

export class SeatSearch {
  readonly #purpose: SearchPurpose;
  readonly #parts: SearchParts;
  /** The agent that need not be asked. */
  readonly #avoided: KnownAgent | undefined;
  /** They outlive the bids: an agent that was away for long finds us in our old place. */
  readonly #tickets = new Map<string, Uint8Array>();
  #bids: SeatBid[] = [];
  /** When this round of looking began, or the next one will. */
  #roundAt: Instant;
  #isPaused = true;
  #rounds = 0;
  #asked = 0;
  #askAt: Instant;
  #askedAt: Instant;
  /** How often it asked around since an agent in whose line it stands fell silent. */
  #doubts = 0;
  /** It stood in a line: from then on it has no end of its own. */
  #hasWaited = false;
  #told = '';

  constructor(purpose: SearchPurpose, parts: SearchParts, now: Instant, avoided?: KnownAgent) {
    this.#purpose = purpose;
    this.#parts = parts;
    this.#avoided = avoided;
    this.#roundAt = purpose === 'regain' ? after(now, regainAfter(0, parts.jitter.next())) : now;
    this.#askAt = this.#roundAt;
    this.#askedAt = this.#roundAt;
  }

  /** The agents that are asked, or waited at. */
  get agents(): readonly KnownAgent[] {
    return this.#bids.map(({ agent }) => agent);
  }

  /** Takes in an agent that may be asked, if it answers this search. */
  note(offer: Offer, from: Endpoint): void {
    const { nonce, agents } = this.#parts;
    const avoided = this.#avoided?.offer.agentKey;
    if (!equalBytes(offer.nonce, nonce)) return;
    if (avoided === undefined || !equalBytes(offer.agentKey, avoided)) agents.note(offer, from);
  }

  hear(heard: Heard, at: Moment): void {
    for (const bid of this.#bids) bid.hear(heard, at);
  }

  /** Does what is due. Says how the search ended when it did. */
  keep(at: Moment): SearchEnd | undefined {
    for (const bid of this.#bids) bid.keep(at);
    const won = this.#settle(at);
    if (won !== undefined) return won;
    if (at.mono < this.#roundAt) return undefined;
    this.#isPaused = false;
    this.#bidAtNext(at);
    const failed = this.#endRound(at);
    if (failed !== undefined) return failed;
    this.#hurry();
    this.#look(at);
    this.#tellPlace();
    return undefined;
  }

  /** Gives up every bid. */
  stop(at: Moment): void {
    for (const { agent } of this.#bids) this.#parts.farewells.say(agent, at);
    this.#bids = [];
  }

  nextWake(): Instant {
    const times: number[] = this.#bids.flatMap((bid) => bid.wakeAt ?? []);
    if (this.#isPaused) return instant(Math.min(this.#roundAt, ...times));
    if (this.#mayLook) times.push(this.#askAt);
    if (this.#mayBid && this.#next(true) !== undefined) times.push(this.#roundAt + SETTLE_MS);
    if (this.#bids.length === 0) {
      if (this.#parts.agents.allRefused) times.push(this.#roundAt + EARLY_END_MS);
      if (this.#length !== undefined) times.push(this.#roundAt + this.#length);
    }
    return instant(Math.min(...times));
  }

  /** Takes out the bids that have ended. */
  #settle(at: Moment): Won | undefined {
    const { agents, farewells } = this.#parts;
    let winner: Won | undefined;
    for (const { agent, end } of this.#bids) {
      if (end?.kind === 'lost') {
        agents.failed(agent, end.failure);
        if (end.failure.kind === 'silent') this.#miss(at);
        if (end.counted) farewells.say(agent, at);
      }
      if (end?.kind !== 'won') continue;
      if (winner === undefined) winner = end;
      else farewells.say(agent, at);
    }
    this.#bids = this.#bids.filter(({ end }) => end === undefined);
    if (winner !== undefined) this.stop(at);
    return winner;
  }

  /** An agent in whose line it stood is gone: it keeps the place for a moment when it comes back. */
  #miss({ mono }: Moment): void {
    if (!this.#hasWaited) return;
    const soon = after(mono, missedAgainAfter(this.#parts.jitter.next()));
    this.#askAt = instant(Math.min(this.#askAt, soon));
  }

  // --- bidding ---

  /** Nobody whose answer is still to be expected is being asked. */
  get #mayBid(): boolean {
    return this.#bids.length < BIDS_MAX && !this.#bids.some(({ isFresh }) => isFresh);
  }

  #next(anyone: boolean): KnownAgent | undefined {
    const { agents, wish } = this.#parts;
    // With the ticket of a seat, one without a free seat of its own takes it over.
    const mayTry = this.#takesOver || (anyone && this.#purpose !== 'relief');
    return agents.next(wish.product, mayTry, this.agents);
  }

  get #takesOver(): boolean {
    return this.#parts.seatTicket !== undefined;
  }

  #bidAtNext(at: Moment): void {
    const isSettled = at.mono - this.#roundAt >= SETTLE_MS;
    while (this.#mayBid) {
      const agent = this.#next(isSettled);
      if (agent === undefined) return;
      this.#parts.farewells.forget(agent);
      this.#bids.push(new SeatBid(agent, { ...this.#parts, tickets: this.#tickets }, at));
      this.#settle(at);
    }
  }

  /** The line in which the search stands best, told when it changes. */
  #tellPlace(): void {
    const places = this.#bids.flatMap(({ ahead }) => ahead ?? []);
    if (places.length > 0) this.#hasWaited = true;
    if (!this.#hasWaited) return;
    const [ahead, agents] = [Math.min(...places), places.length];
    const text = `${ahead} ${agents}`;
    if (text === this.#told) return;
    this.#told = text;
    this.#parts.voice.tell(agents > 0 ? { kind: 'waiting', ahead, agents } : { kind: 'seeking' });
  }

  // --- looking ---

  /** How long a round lasts at most; `undefined` for ever. */
  get #length(): number | undefined {
    if (this.#purpose !== 'first') return ROUND_MS;
    return this.#hasWaited ? undefined : this.#parts.patience;
  }

  get #mayLook(): boolean {
    return this.#hasWaited || this.#bids.length === 0;
  }

  #look(at: Moment): void {
    if (at.mono < this.#askAt || !this.#mayLook || this.#isPaused) return;
    const { agents, voice } = this.#parts;
    if (this.#hasWaited) agents.forget(this.agents);
    voice.askAround(buildSearch(this.#parts));
    this.#askedAt = at.mono;
    this.#askAt = after(at.mono, this.#askAgainAfter(++this.#asked));
  }

  /**
   * An agent in whose line it stands may have started anew: it knows nobody then, and whoever comes
   * first is first. It is looked for a few times soon; all its waiters do so, hence no more often.
   */
  #hurry(): void {
    if (!this.#bids.some(({ isUnheard }) => isUnheard)) this.#doubts = 0;
    else if (this.#doubts < DOUBTS_MAX && this.#askAt > this.#soon) {
      this.#askAt = this.#soon;
      this.#doubts++;
    }
  }

  get #soon(): Instant {
    return after(this.#askedAt, discoverSparelyAfter(this.#doubts + 1));
  }

  #askAgainAfter(asked: number): Millis {
    const { jitter } = this.#parts;
    if (this.#hasWaited && this.#bids.length === 0) return missedAgainAfter(jitter.next());
    if (this.#hasWaited) return lookAgainAfter(jitter.next());
    switch (this.#purpose) {
      case 'first':
        return discoverAgainAfter(asked);
      case 'regain':
        return discoverSparelyAfter(asked);
      case 'relief':
        // Once a round: all clients of a dead agent do this, and everybody hears it.
        return millis(ROUND_MS);
    }
  }

  /** Ends a search without success, or this round of it. */
  #endRound(at: Moment): SearchEnd | undefined {
    const { agents } = this.#parts;
    if (this.#bids.length > 0) return undefined;
    const elapsed = at.mono - this.#roundAt;
    const refused = agents.allRefused && elapsed >= EARLY_END_MS;
    if (!refused && (this.#length === undefined || elapsed < this.#length)) return undefined;
    const failure = agents.failure();
    if (this.#purpose === 'first') return { kind: 'failed', failure };
    if (this.#purpose === 'regain' && refused && failure.kind === 'refused') {
      if (!isWorthLooking(failure.code)) return { kind: 'decided', failure };
    }
    this.#pause(at);
    return undefined;
  }

  #pause(at: Moment): void {
    const { agents, jitter } = this.#parts;
    this.#isPaused = true;
    this.#rounds += this.#purpose === 'relief' ? 2 : 1;
    const pause = this.#takesOver ? millis(1000) : regainAfter(this.#rounds, jitter.next());
    this.#roundAt = after(at.mono, pause);
    this.#askAt = this.#roundAt;
    this.#asked = 0;
    agents.forget([]);
  }
}
