/** Seats of a product, added up over its licenses. */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { LicenseView } from '../licenses/license-view.ts';

export interface ClassUse {
  readonly name: string;
  readonly used: number;
  readonly total: number;
}

export interface ProductUse {
  readonly product: string;
  readonly used: number;
  readonly total: number;
  readonly classes: readonly ClassUse[];
  readonly isLending: boolean;
}

/** By product, in the order of the alphabet; licenses that lend nothing count what is lent still. */
export const productUse = (licenses: readonly LicenseView[]): readonly ProductUse[] => {
  const products = new Map<string, LicenseView[]>();
  for (const license of licenses) {
    const { type, state, product } = license;
    if (type === 'standalone' || state === 'superseded') continue;
    const ofIt = products.get(product) ?? [];
    products.set(product, ofIt);
    ofIt.push(license);
  }
  return [...products]
    .map(([product, ofIt]) => {
      const lending = ofIt.filter(({ refusal }) => refusal === null);
      const isUnlimited = lending.some(
        ({ type, pools }) => type === 'server' && pools.length === 0,
      );
      const withSeats = lending.some(({ pools }) => pools.length > 0);
      const classes = classUse(ofIt);
      const total = classes.reduce((sum, one) => sum + one.total, 0);
      const used = ofIt.reduce((sum, { lent }) => sum + lent, 0);
      return {
        product,
        used,
        total: isUnlimited && !withSeats ? SEATS_UNLIMITED : total,
        classes,
        isLending: lending.length > 0,
      };
    })
    .sort((one, other) => (one.product < other.product ? -1 : 1));
};

const classUse = (licenses: readonly LicenseView[]): readonly ClassUse[] => {
  const sums = new Map<string, { used: number; total: number }>();
  for (const { pools, refusal } of licenses) {
    for (const pool of pools) {
      const sum = sums.get(pool.class) ?? { used: 0, total: 0 };
      sum.used += pool.lent;
      sum.total += refusal === null ? pool.licensed : 0;
      sums.set(pool.class, sum);
    }
  }
  return [...sums].map(([name, sum]) => ({ name, ...sum }));
};
