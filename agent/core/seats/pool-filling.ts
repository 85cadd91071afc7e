/** Takes the seats of one claim from pools. */

import { GENERIC_CLASS } from '../../../protocol/license.ts';
import { PARTS_MAX } from '../../../protocol/limits.ts';
import type { ClaimPart } from './seat-claims.ts';
import type { SeatPool } from './seat-pool.ts';

/**
 * All seats from one pool where one has them, else from several in order. `genericMost`: of generic
 * seats no more, for the rest is kept for other classes.
 */
export const fillFrom = (
  pools: readonly SeatPool[],
  need: number,
  available: (pool: SeatPool) => number,
  genericMost: number,
): readonly ClaimPart[] | undefined => {
  let generic = genericMost;
  const most = (pool: SeatPool): number =>
    pool.class === GENERIC_CLASS ? Math.min(available(pool), generic) : available(pool);
  const whole = pools.find((pool) => most(pool) >= need);
  if (whole !== undefined) return [{ pool: whole, seats: need }];
  const parts: ClaimPart[] = [];
  let left = need;
  for (const pool of pools) {
    const seats = Math.min(left, most(pool));
    if (seats <= 0) continue;
    parts.push({ pool, seats });
    left -= seats;
    if (pool.class === GENERIC_CLASS) generic -= seats;
  }
  return left === 0 && parts.length <= PARTS_MAX ? parts : undefined;
};
