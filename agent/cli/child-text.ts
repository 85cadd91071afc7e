/** Child licenses as people read them. */

import type { ChildPoolView, ChildView } from '../core/operations.ts';
import { type Column, renderColumns, renderTime } from './columns.ts';
import { renderEnd } from './license-rows.ts';

/** Seats now, and those that are kept for it while it has not taken a change. */
const renderPool = ({ class: name, now, wanted, allotted }: ChildPoolView): string => {
  if (wanted > now) return `${name} ${now} of ${wanted}, as there are no more`;
  return allotted > now ? `${name} ${now} (${allotted} kept)` : `${name} ${now}`;
};

const renderState = ({ state, hostName, hostCode, upToDate }: ChildView): string => {
  if (state !== 'active') return upToDate ? state : `${state}, not taken yet`;
  if (hostName === null) return hostCode === null ? 'not activated' : 'pre-activated';
  return upToDate ? 'active' : 'active, change not taken yet';
};

export const CHILD_COLUMNS: readonly Column<ChildView>[] = [
  { heading: 'id', cell: ({ id }) => id },
  { heading: 'client', cell: ({ account }) => account },
  { heading: 'product', cell: ({ product }) => product, dispensable: 2 },
  { heading: 'state', cell: renderState },
  { heading: 'seats', cell: ({ pools }) => pools.map(renderPool).join(', ') },
  { heading: 'expires', cell: ({ expires }) => renderEnd(expires), dispensable: 3 },
  {
    heading: 'called',
    cell: ({ seen, silent }) => (seen === null ? (silent ? 'never calls' : '-') : renderTime(seen)),
    dispensable: 1,
  },
];

export const renderChild = (child: ChildView): string => {
  const { children, pools, parent, hostName, version, seen, ends, hostCode } = child;
  const rows = [
    ['Child license', child.id],
    ['Client', child.account],
    ['Of license', `${child.license} (${child.product})`],
    ['State', renderState(child)],
    ...pools.map((pool) => ['Seats', renderPool(pool)]),
    ...pools.flatMap(({ class: name, stages }) =>
      stages.map(({ from, until, seats }) => [
        'Stage',
        `${name} ${seats} from ${renderTime(from)}${until === null ? '' : ` until ${renderTime(until)}`}`,
      ]),
    ),
    ['Expires', renderEnd(child.expires)],
    ['Sessions', `${child.longest} s at most`],
    ['Children', children === null ? 'none' : `${children.most}, generations: ${children.depth}`],
    ['Calls', child.silent ? 'never' : (parent ?? '-')],
    ...(hostCode === null ? [] : [['Computer', hostCode]]),
    ...(hostName === null ? [] : [['Active on', `${hostName} (version ${version ?? '-'})`]]),
    ...(seen === null ? [] : [['Called last', renderTime(seen)]]),
    ...(ends === null ? [] : [['Without a call', `it lends until ${renderTime(ends)}`]]),
  ];
  return `${renderColumns(rows)}\n`;
};
