/** Agents in whose line clients stand, by script. */

import type { Reply } from '../../../protocol/replies.ts';
import { seconds } from '../../../protocol/units.ts';
import type { Script, ScriptedAgent } from './scripted-agent.ts';
import type { VirtualClient, VirtualSite } from './virtual-site.ts';

/** Seconds within which a waiter is told to ask again. */
export const WITHIN = 30;

/** What an agent's line says to whoever asks. */
class Line {
  ahead = 0;
  turn = false;

  readonly script: Script = ({ kind, id }, agent) =>
    kind === 'acquire' && agent.seats === 0 ? this.queued(id) : undefined;

  queued(id: number): Reply {
    const { ahead, turn } = this;
    return { kind: 'queued', id, ahead, turn, seconds: seconds(WITHIN) };
  }
}

export const fullAgent = (
  site: VirtualSite,
  ahead: number,
): { agent: ScriptedAgent; line: Line } => {
  const agent = site.addAgent();
  const line = new Line();
  line.ahead = ahead;
  agent.seats = 0;
  agent.script = line.script;
  return { agent, line };
};

export const startWaiting = (site: VirtualSite, agents: number): VirtualClient => {
  const client = site.addClient({ wait: true });
  client.step({ kind: 'start' });
  site.runUntil(() => client.kind === 'waiting' && client.last('waiting').agents === agents);
  return client;
};
