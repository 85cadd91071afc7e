/** How many seats of each class are lent here, and how many are licensed: for reports and alarms. */

import type { Agent } from './core/agent.ts';
import type { SeatPool } from './core/seats/seat-pool.ts';
import type { Level } from './core/usage/usage-meter.ts';

/** In a site what is licensed is the site's: what one member may lend changes from moment to moment. */
export const levelsOf = (agent: Agent, isOfSite: boolean): (() => Iterable<Level>) => {
  if (!isOfSite) return () => agent.pools();
  const known = new WeakMap<SeatPool, Level>();
  const levelOf = (pool: SeatPool): Level => {
    const level = known.get(pool) ?? {
      product: pool.product,
      class: pool.class,
      get lent() {
        return pool.lent;
      },
      get licensed() {
        return pool.most;
      },
    };
    known.set(pool, level);
    return level;
  };
  return () => [...agent.pools()].map(levelOf);
};
