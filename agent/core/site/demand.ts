/** Which pools of a site's could serve whom. */

import type { SeatWish } from '../../../protocol/requests.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import { poolsForClass, type SeatPool } from '../seats/seat-pool.ts';

/** The pools that could serve a wish, by its product and class. */
export const poolsOf = (
  shelf: LicenseShelf,
  { product, class: className }: SeatWish,
): readonly SeatPool[] =>
  shelf.ofProduct(product).flatMap((one) => poolsForClass(one.pools, className));

/** Whether another member may have a seat for it. */
export const mayCome = (shelf: LicenseShelf, wish: SeatWish): boolean =>
  poolsOf(shelf, wish).some((pool) => pool.total > pool.granted);

/** Seats that are waited for, of each pool that could have them. */
export const demandOf = (
  shelf: LicenseShelf,
  wishes: readonly SeatWish[],
): ReadonlyMap<SeatPool, number> => {
  const demand = new Map<SeatPool, number>();
  for (const wish of wishes) {
    for (const pool of poolsOf(shelf, wish)) {
      demand.set(pool, (demand.get(pool) ?? 0) + wish.weight);
    }
  }
  return demand;
};
