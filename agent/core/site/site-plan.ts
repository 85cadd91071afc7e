/** What would happen if this box died now. */

import { instant, seconds } from '../../../protocol/units.ts';
import { deadFrom, goneFrom } from './site-times.ts';
import type { EndpointView, SiteView } from './site-view.ts';

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
  /** Whether etcd goes on: a majority of its members is seen to be on other boxes. */
  readonly goesOn: boolean;
  /** Of etcd's members, those that are elsewhere and answer, and how many they must be. */
  readonly etcdLeft: number;
  readonly etcdNeeded: number;
  /** Members of etcd's that are at none of the endpoints which this agent was given: nobody has asked them. */
  readonly etcdUnnamed: number;
}

/** What else than the register knows of this box. */
export interface Box {
  /** The seats that this member has lent now, by license and class. */
  readonly lent: (license: string, className: string) => number;
  /** Those of etcd's endpoints that are here. */
  readonly endpoints: ReadonlySet<string>;
  /** Etcd's own list of its members, by their ids; `null` where it does not tell. */
  readonly voters: readonly string[] | null;
}

export const planDeath = (site: SiteView, box: Box): SitePlan => {
  const me = site.members.find(({ isThis }) => isThis);
  const others = site.members.filter(({ isThis, standing }) => !isThis && standing === 'member');
  const blocks = site.blocks.flatMap((block) => {
    const seats = block.shares.find(({ member }) => member === me?.id)?.seats ?? 0;
    const { license, class: className } = block;
    return seats === 0
      ? []
      : [{ license, class: className, seats, lent: Math.min(seats, box.lent(license, className)) }];
  });
  const backAfter = Math.ceil(goneFrom(deadFrom(instant(0)), seconds(me?.longest ?? 0)) / 1000);
  return {
    others: others.map(({ name }) => name),
    blocks,
    backAfter,
    ...registerWithout(site.register, box),
  };
};

/** A member counts once, by whatever addresses it is known. */
const registerWithout = (register: readonly EndpointView[], { endpoints, voters }: Box) => {
  const membersOf = (seen: readonly EndpointView[]): ReadonlySet<string> =>
    new Set(
      seen.flatMap(({ member }) =>
        member === null || voters?.includes(member) === false ? [] : [member],
      ),
    );
  const here = membersOf(register.filter(({ url }) => endpoints.has(url)));
  const all = membersOf(register);
  const silent = register.filter(({ member }) => member === null).length;
  const etcdLeft = [...all].filter((member) => !here.has(member)).length;
  const etcdNeeded = Math.floor((voters?.length ?? all.size + silent) / 2) + 1;
  const etcdUnnamed = Math.max(0, (voters?.length ?? 0) - all.size - silent);
  return { goesOn: etcdLeft >= etcdNeeded, etcdLeft, etcdNeeded, etcdUnnamed };
};
