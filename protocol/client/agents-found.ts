/** Asking who is there. */

import { bytesToHex, equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import { NONCE_SIZE } from '../limits.ts';
import { systemEntropy } from '../node/entropy.ts';
import type { FoundBy } from '../node/seeker-socket.ts';
import { type Offer, SPOKEN, sharesVersion } from '../offers.ts';
import { buildDiscover, parseFrame } from '../packet.ts';
import type { ErrandSurroundings } from './errand-driver.ts';

/** Agents taken in, however many there are. */
const AGENTS_MAX = 1024;

/** How the time is shared between the questions: the second one goes further than the first. */
const SHARES = [0.1, 0.4, 0.5];

/** An agent that answered. */
export interface AgentOffering {
  readonly offer: Offer;
  readonly endpoint: Endpoint;
  readonly foundBy: FoundBy;
}

/** An agent that answered a discovery. */
export interface AgentFound {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly version: string;
  readonly products: Offer['products'];
  /** Products beyond those that fitted into its answer. */
  readonly more: number;
  readonly speaksOurVersion: boolean;
  /** At an address that was given or used before, or how else. */
  readonly foundBy: FoundBy;
}

/** Collects what is offered within `patience` milliseconds: of each agent the first answer. */
export const collectOffers = async (
  { socket, listen }: Pick<ErrandSurroundings, 'socket' | 'listen'>,
  patience: number,
): Promise<readonly AgentOffering[]> => {
  const nonce = systemEntropy(NONCE_SIZE);
  const found = new Map<string, AgentOffering>();
  const stop = listen((bytes, endpoint) => {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string' || frame.kind !== 'offer') return;
    const { offer } = frame;
    if (!equalBytes(offer.nonce, nonce)) return;
    const key = bytesToHex(offer.agentKey);
    if (found.size < AGENTS_MAX && !found.has(key)) {
      found.set(key, { offer, endpoint, foundBy: socket.foundBy(endpoint) });
    }
  });
  const bytes = buildDiscover({ nonce, versions: SPOKEN, product: null });
  for (const share of SHARES) {
    socket.askAround(bytes);
    await new Promise((resolve) => setTimeout(resolve, patience * share));
  }
  stop();
  return [...found.values()];
};

export const toAgentFound = ({ offer, endpoint, foundBy }: AgentOffering): AgentFound => ({
  name: offer.name,
  address: endpoint.address,
  port: endpoint.port,
  version: offer.version,
  products: offer.products,
  more: offer.more,
  speaksOurVersion: sharesVersion(offer.versions),
  foundBy,
});
