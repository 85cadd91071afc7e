/** A reply that a session has opened. */

import { equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Frame } from '../frame.ts';
import { readNumber } from '../nonce.ts';
import type { Reply } from '../replies.ts';
import type { AgentLink } from './agent-link.ts';
import { isSame, type KnownAgent } from './agent-list.ts';

export interface Heard {
  readonly reply: Reply;
  /** The key that it was sealed with is of this agent. */
  readonly agentKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly from: Endpoint;
}

/** Whether the agent itself said it: an id alone proves nothing. */
export const isFrom = ({ agentKey }: Heard, agent: KnownAgent): boolean =>
  equalBytes(agentKey, agent.offer.agentKey);

/** An agent numbers its datagrams in the order in which it says them. */
export const numberOf = ({ nonce }: Heard): number => readNumber(nonce) ?? 0;

/** Opens a reply with the key of whichever of these agents it is from. */
export const openHeard = (
  link: AgentLink,
  agents: readonly KnownAgent[],
  frame: Extract<Frame, { kind: 'reply' }>,
  from: Endpoint,
): Heard | undefined => {
  const tried: KnownAgent[] = [];
  for (const agent of agents) {
    if (tried.some((other) => isSame(other, agent))) continue;
    tried.push(agent);
    const reply = link.open(agent, frame);
    const { agentKey } = agent.offer;
    if (reply !== undefined) return { reply, agentKey, nonce: frame.nonce, from };
  }
  return undefined;
};
