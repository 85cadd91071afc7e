/** The site in numbers, as its register tells of it. */

import type { SiteView } from '../core/operations.ts';
import { family, flag, type Sample } from './metric-family.ts';

/** None where the agent is a site by itself. */
export const siteFamilies = (site: SiteView | null): readonly string[] => {
  if (site === null) return [];
  const { members, blocks, register } = site;
  const nameOf = (id: string): string => members.find((one) => one.id === id)?.name ?? id;
  const standings = members
    .filter(({ standing }) => standing !== 'forgotten')
    .map(({ id, name, standing }): Sample => [{ member: name, id }, flag(standing === 'member')]);
  const shares = blocks.flatMap(({ license, class: className, shares: all }) =>
    all.map(
      ({ member, seats }): Sample => [
        { license, class: className, member: nameOf(member), id: member },
        seats,
      ],
    ),
  );
  const endpoints = register.map(
    ({ url, standing }): Sample => [{ endpoint: url }, flag(SERVING.includes(standing))],
  );
  const lags = register.flatMap(({ url, behind }): readonly Sample[] =>
    behind === null ? [] : [[{ endpoint: url }, behind]],
  );
  const isHeard = flag(site.trouble === null && site.here?.isHeard !== false);
  return [
    family(
      'usher_site_heard',
      'gauge',
      'Whether the site hears this agent, which lends nothing otherwise.',
      [[{ site: site.name }, isHeard]],
    ),
    family('usher_site_member', 'gauge', 'Members of the site; 0: found dead.', standings),
    family('usher_site_seats', 'gauge', 'Seats that a member may lend; borrowed ones.', shares),
    family('usher_site_etcd', 'gauge', 'Whether this member of etcd serves.', endpoints),
    family('usher_site_etcd_behind', 'gauge', 'Changes it has yet to take over.', lags),
  ];
};

const SERVING: readonly SiteView['register'][number]['standing'][] = [
  'leader',
  'follower',
  'serves',
];
