/** Where the seats are counted that are lent of a license which another took the place of. */

import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { SeatPool } from './seat-pool.ts';

/** What is lent of a class counts in the heir's pool of that class, else in its generic one. */
export const handPools = (
  pools: readonly SeatPool[],
  heir: { readonly pools: readonly SeatPool[] },
): void => {
  for (const pool of pools) {
    const next =
      heir.pools.find((one) => one.class === pool.class) ??
      heir.pools.find((one) => one.class === GENERIC_CLASS);
    if (next !== undefined) pool.hand(next);
  }
};
