/** What a child license is worth on its agent, whatever the date: as an activation of it would say. */

import type { AgentKeys } from '../../../protocol/activation.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import type { ChildProof } from '../../../protocol/proof.ts';
import type { ActivationRecord } from '../activation/activation-record.ts';
import type { Binding, Bound } from '../licenses/binding.ts';

/** The binding of a child license; `known`: what else the agent knows of it. */
export const bindChild = (
  line: ChildProof,
  agent: AgentKeys,
  known: Binding,
  { returning, receipt, floor }: ActivationRecord,
): Binding => ({
  ...known,
  // Given back is every text of it up to that one.
  returned:
    returning !== null || receipt !== null || (line.children.at(-1)?.child.number ?? 0) <= floor,
  revoked: line.children.some(({ child }) => child.state === 'removed'),
  suspended: line.children.some(({ child }) => child.state === 'suspended'),
  vendor: boundTo(line, agent),
  emergency: undefined,
});

const boundTo = (line: ChildProof, agent: AgentKeys): Bound | undefined => {
  const last = line.children.at(-1)?.child;
  if (last === undefined) return undefined;
  const isOurs =
    last.agent === null
      ? last.hostCode !== null
      : equalBytes(last.agent.boxKey, agent.boxKey) &&
        equalBytes(last.agent.signingKey, agent.signingKey);
  if (!isOurs) return undefined;
  // From then on it counts down: its parent should have been called before.
  const notice = last.calls?.until;
  return { signed: line.activation, ends: line.ends, ...(notice === undefined ? {} : { notice }) };
};
