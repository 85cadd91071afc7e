/** The agents that have answered, who is worth asking next, and why the others were not. */

import { bytesToHex, equalBytes } from '../bytes.ts';
import { type Endpoint, endpointToText } from '../endpoint.ts';
import { type Offer, sharesVersion } from '../offers.ts';
import type { AgentSeen, SeatFailure } from './seat-events.ts';

/** Agents remembered by one session: more than any site has, fewer than a forger could invent. */
const AGENTS_MAX = 64;
/** Agents remembered at one address: one is usual, and a forger could invent any number. */
const AT_ADDRESS_MAX = 4;

export interface KnownAgent {
  offer: Offer;
  endpoint: Endpoint;
  epoch: Uint8Array;
  /** What came of asking it, if it was asked. */
  failure: SeatFailure | undefined;
}

export const agentSeen = (agent: KnownAgent): AgentSeen => ({
  name: agent.offer.name,
  endpoint: agent.endpoint,
  key: agent.offer.agentKey,
});

/** Whether two are one agent, perhaps at two addresses. */
export const isSame = (one: KnownAgent, other: KnownAgent): boolean =>
  equalBytes(one.offer.agentKey, other.offer.agentKey);

export class AgentList {
  readonly #agents = new Map<string, KnownAgent>();

  /**
   * Takes in an offer. Anybody can make one in another's name, so an agent at another address counts
   * as another until it has been asked: a forged offer pushes no genuine one aside.
   */
  note(offer: Offer, endpoint: Endpoint): void {
    const key = `${bytesToHex(offer.agentKey)} ${endpointToText(endpoint)}`;
    const known = this.#agents.get(key);
    if (known !== undefined) {
      known.offer = offer;
      known.epoch = offer.epoch;
      // It may have been starting: one that offers again is worth asking again.
      if (known.failure?.kind === 'silent') known.failure = undefined;
      return;
    }
    if (!this.#hasRoom(endpoint)) return;
    const agent: KnownAgent = {
      offer,
      endpoint,
      epoch: offer.epoch,
      failure: undefined,
    };
    if (!sharesVersion(offer.versions)) {
      agent.failure = {
        kind: 'no-common-version',
        agent: agentSeen(agent),
        theirs: offer.versions,
      };
    }
    this.#agents.set(key, agent);
  }

  /** Whoever has fallen silent makes room: forged agents do not answer. */
  #hasRoom({ address }: Endpoint): boolean {
    const here = [...this.#agents].filter(([, one]) => one.endpoint.address === address);
    const isFull = this.#agents.size >= AGENTS_MAX;
    if (here.length < AT_ADDRESS_MAX && !isFull) return true;
    const silent = (here.length < AT_ADDRESS_MAX ? [...this.#agents] : here).find(
      ([, one]) => one.failure?.kind === 'silent',
    );
    return silent !== undefined && this.#agents.delete(silent[0]);
  }

  /** What came of asking an agent; what it said under seal is true at each of its addresses. */
  failed(agent: KnownAgent, failure: SeatFailure): void {
    agent.failure = failure;
    if (failure.kind === 'silent') return;
    for (const other of this.#agents.values()) {
      if (isSame(other, agent)) other.failure = failure;
    }
  }

  /**
   * Whom to ask next: an agent with a free seat, in order of arrival. With `anyone`, also those that
   * said they have none: a seat may have come free, and their refusal says why not. `busy`: agents
   * that are being asked, perhaps at another address.
   */
  next(product: string, anyone: boolean, busy: readonly KnownAgent[]): KnownAgent | undefined {
    const untried = [...this.#agents.values()].filter(
      (agent) => agent.failure === undefined && !busy.some((other) => isSame(agent, other)),
    );
    const offers = (agent: KnownAgent): number =>
      agent.offer.products.find((one) => one.product === product)?.free ?? 0;
    return untried.find((agent) => offers(agent) > 0) ?? (anyone ? untried[0] : undefined);
  }

  /** Forgets who has answered, but for some: who is still there will offer again. */
  forget(except: readonly KnownAgent[]): void {
    for (const [key, agent] of this.#agents) {
      if (!except.includes(agent)) this.#agents.delete(key);
    }
  }

  /** Every agent that answered has said no; one that fell silent has not said anything. */
  get allRefused(): boolean {
    const agents = [...this.#agents.values()];
    return (
      agents.length > 0 &&
      agents.every(({ failure }) => failure !== undefined && failure.kind !== 'silent')
    );
  }

  /** The failure that says most about why there is no seat. */
  failure(): SeatFailure {
    const failures = [...this.#agents.values()].flatMap((agent) => agent.failure ?? []);
    failures.sort((left, right) => weight(right) - weight(left));
    return failures[0] ?? { kind: 'no-agent' };
  }
}

/** A full agent says more than one without the license, and both more than one that said nothing. */
const weight = (failure: SeatFailure): number => {
  switch (failure.kind) {
    case 'no-agent':
      return 0;
    case 'silent':
      return 1;
    case 'no-common-version':
      return 3;
    case 'untrusted':
      return 4;
    case 'refused':
      return failure.code === 'no-license' ? 2 : failure.code === 'no-seat' ? 6 : 5;
    case 'too-long':
      return 7;
  }
};
