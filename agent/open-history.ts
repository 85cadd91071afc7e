/** Makes the agent's history: what it is told by, and where it is written. */

import type { Clock } from '../protocol/node/clock.ts';
import { nativePrimitives } from '../protocol/node/native-primitives.ts';
import type { Agent } from './core/agent.ts';
import type { AgentDriver } from './edges/agent-driver.ts';
import type { AgentKey } from './edges/agent-key.ts';
import { History } from './edges/history/history.ts';
import type { StoreKeeper } from './edges/store-keeper.ts';
import { levelsOf } from './seat-levels.ts';

interface HistoryOrigins {
  readonly store: StoreKeeper;
  readonly clock: Clock;
  readonly key: AgentKey;
  readonly agent: Agent;
  /** Others lend of the same seats. */
  readonly isOfSite: boolean;
  /** Made later: it tells the history of each step. */
  readonly driver: () => AgentDriver;
}

export const openHistory = ({
  store,
  clock,
  key,
  agent,
  isOfSite,
  driver,
}: HistoryOrigins): History =>
  new History({
    store: { reader: () => store.opened, write: (writes) => driver().also(writes) },
    now: clock.now,
    primitives: nativePrimitives,
    secret: key.secret,
    isNewAgent: key.kept === 'new',
    levels: levelsOf(agent, isOfSite),
    seats: async () => {
      const outcome = await driver().operate({ kind: 'seat-list' });
      return outcome.kind === 'seat-list' ? outcome.seats : [];
    },
  });
