/** Seats that are lent of each pool, counted from who has them and not from the pools. */

import type { Inspection } from '../../agent/core/inspection.ts';
import type { LicenseId } from '../../protocol/ids.ts';

/** By license and class of the pool in which seats are counted. */
export type Lent = (id: LicenseId, className: string) => number;

/** A plain claim counts for each lease, any other once, however many share it. */
export const lentOf = ({ leases, waiters, claims }: Inspection): Lent => {
  const lent = new Map<string, number>();
  const counted = new Set<number>();
  for (const { claim } of [...leases, ...waiters]) {
    const known = claim === undefined ? undefined : claims.get(claim);
    if (claim === undefined || known === undefined) continue;
    if (!known.isPlain && counted.has(claim)) continue;
    counted.add(claim);
    for (const { pool, seats } of known.parts) {
      const { licenseId, class: name } = pool.counting;
      const key = `${licenseId}/${name}`;
      lent.set(key, (lent.get(key) ?? 0) + seats);
    }
  }
  return (id, className) => lent.get(`${id}/${className}`) ?? 0;
};
