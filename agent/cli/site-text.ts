/** The site in words and tables. */

import type { SitePlan, SiteView } from '../core/operations.ts';
import { type Column, renderFitting, renderTable } from './columns.ts';

type Member = SiteView['members'][number];
type Endpoint = SiteView['register'][number];

const MEMBER_COLUMNS: readonly Column<Member>[] = [
  { heading: 'member', cell: ({ name, isThis }) => (isThis ? `${name} (this)` : name) },
  { heading: 'id', cell: ({ id }) => id, dispensable: 1 },
  { heading: 'version', cell: ({ version }) => version, dispensable: 2 },
  {
    heading: 'address',
    cell: ({ addresses: [first], port }) =>
      first === undefined || port === 0
        ? '-'
        : first.includes(':')
          ? `[${first}]:${port}`
          : `${first}:${port}`,
  },
  { heading: 'standing', cell: ({ standing }) => standing },
];

const ENDPOINT_COLUMNS: readonly Column<Endpoint>[] = [
  { heading: 'etcd', cell: ({ url }) => url },
  { heading: 'standing', cell: ({ standing }) => standing },
  { heading: 'behind', cell: ({ behind }) => (behind === null ? '-' : String(behind)) },
  { heading: 'version', cell: ({ version }) => version ?? '-', dispensable: 1 },
  { heading: 'trouble', cell: ({ trouble }) => trouble ?? '-' },
];

const isShown = ({ standing }: Member): boolean => standing !== 'forgotten';

export const renderSite = (site: SiteView, width: number): string => {
  const { name, here, members, blocks, register, trouble } = site;
  const nameOf = (id: string): string => members.find((one) => one.id === id)?.name ?? id;
  const shares = blocks.flatMap(({ license, class: className, shares: all }) =>
    all.map(({ member, seats, wanted }) => [
      license,
      className,
      nameOf(member),
      String(seats),
      wanted === 0 ? '-' : String(wanted),
    ]),
  );
  const known =
    trouble === null
      ? [
          renderFitting(MEMBER_COLUMNS, members.filter(isShown), width, 'No members.'),
          renderTable(
            ['license', 'class', 'member', 'seats', 'wants'],
            shares,
            'No seats are shared yet: no license is here, or nobody has asked for one.',
          ),
        ]
      : [`Nothing is known of members and blocks: ${trouble}\n`];
  const etcd = renderFitting(ENDPOINT_COLUMNS, register, width, '');
  const out =
    here?.isHeard === false && trouble === null
      ? [`This agent is not heard by it, and lends nothing.${behind(here.trouble)}\n`]
      : [];
  return [`Site ${name}\n`, ...out, ...known, etcd].join('\n');
};

const behind = (sentence: string | null): string => (sentence === null ? '' : ` ${sentence}`);

/** What would happen if this box died now. */
export const renderPlan = (plan: SitePlan): string => {
  const { others, blocks, backAfter, goesOn, etcdLeft, etcdNeeded, etcdUnnamed } = plan;
  const unnamed =
    etcdUnnamed === 0
      ? ''
      : `; \`site\` names no endpoint of ${etcdUnnamed} more, which nobody asked`;
  const left = `${etcdLeft === 0 ? 'none' : etcdLeft} of etcd's members on other boxes ${etcdLeft < 2 ? 'answers' : 'answer'}, and ${etcdNeeded} ${etcdNeeded === 1 ? 'is' : 'are'} needed${unnamed}`;
  const lines = [
    others.length === 0
      ? 'Nobody else is a member: no seat would be lent or renewed until this box is back.'
      : `${others.join(', ')} would go on.`,
    goesOn
      ? `The register would go on: ${left}.`
      : `The register would stop, and with it, seconds later, the site: ${left}.`,
    ...blocks.map(
      ({ license, class: className, seats, lent }) =>
        `License ${license}, ${className}: ${seatsOf(seats)} here, ${lent} in use. Whoever is in use moves with its seat; the others may lend the rest after ${backAfter} s.`,
    ),
    ...(blocks.length === 0 ? ['No seats are here.'] : []),
  ];
  return `${lines.join('\n')}\n`;
};

const seatsOf = (count: number): string => (count === 1 ? '1 seat' : `${count} seats`);
