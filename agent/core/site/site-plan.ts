/** What would happen if this box died now. */

import { instant, seconds } from '../../../protocol/units.ts';
import { deadFrom, goneFrom } from './site-times.ts';
import type { SiteView } from './site-view.ts';

/** Seats of this member's block. */
export interface PlannedBlock {
  readonly license: string;
  readonly class: string;
  readonly seats: number;
  readonly lent: number;
}

export interface SitePlan {
  /** The names of those who go on. */
  readonly others: readonly string[];
  readonly blocks: readonly PlannedBlock[];
  /** Seconds until the seats that nobody takes along may be lent by the others. */
  readonly backAfter: number;
  /** Whether etcd goes on: a majority of its endpoints answers that are on other boxes. */
  readonly goesOn: boolean;
  /** Of etcd's endpoints, those that are elsewhere and answer, and how many they must be. */
  readonly endpointsLeft: number;
  readonly endpointsNeeded: number;
}

/** What else than the register knows of this box. */
export interface Box {
  /** The seats that this member has lent now, by license and class. */
  readonly lent: (license: string, className: string) => number;
  /** Those of etcd's endpoints that are here. */
  readonly endpoints: ReadonlySet<string>;
}

export const planDeath = (site: SiteView, { lent, endpoints }: Box): SitePlan => {
  const me = site.members.find(({ isThis }) => isThis);
  const others = site.members.filter(({ isThis, standing }) => !isThis && standing === 'member');
  const blocks = site.blocks.flatMap((block) => {
    const seats = block.shares.find(({ member }) => member === me?.id)?.seats ?? 0;
    const { license, class: className } = block;
    return seats === 0
      ? []
      : [{ license, class: className, seats, lent: Math.min(seats, lent(license, className)) }];
  });
  const endpointsLeft = site.register.filter(
    ({ url, standing }) => standing !== 'unreachable' && !endpoints.has(url),
  ).length;
  const endpointsNeeded = Math.floor(site.register.length / 2) + 1;
  const backAfter = Math.ceil(goneFrom(deadFrom(instant(0)), seconds(me?.longest ?? 0)) / 1000);
  return {
    others: others.map(({ name }) => name),
    blocks,
    backAfter,
    goesOn: endpointsLeft >= endpointsNeeded,
    endpointsLeft,
    endpointsNeeded,
  };
};
