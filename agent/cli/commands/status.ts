import { reasonOf } from '../../core/activation/master-view.ts';
import type { EndingView, MasterView, StatusView } from '../../core/operations.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { renderColumns, renderSeats, renderTable, renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const status: Command = {
  name: 'status',
  summary: 'Show what the running agent does',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const outcome = await askRunningAgent(invocation, { kind: 'status' });
    print(invocation, outcome.status, renderStatus);
    return EXIT.done;
  },
};

const describeClock = ({ clock: { behind, judged } }: StatusView): string =>
  behind === 0
    ? 'right'
    : `${behind} s behind the latest time seen: licenses are judged by ${renderTime(judged)}. ` +
      'Set it right or, if it was wrong before, `usher clock reset`';

const describeRules = ({ rules: { count, inForce, lastGood, faults } }: StatusView): string => {
  if (!inForce) return 'faulty, and no seat is lent: see `usher rules show`';
  const lines = count === 0 ? 'none' : `${count} ${count === 1 ? 'line' : 'lines'}`;
  if (faults.length === 0) return lines;
  const which = lastGood
    ? ' of the last start: the file is faulty since'
    : '; the file is faulty now';
  return `${lines}${which}: see \`usher rules show\``;
};

const renderStore = ({ store, storeTrouble }: StatusView): string =>
  storeTrouble === null ? store : `degraded, no seat is lent anew: ${storeTrouble}`;

/** Where there is no license nothing can be lent, and no end be told. */
const renderHoldoff = (left: number): string =>
  `no new seat for ${left} s more: those that this agent may have forgotten must have ended`;

const describeHost = ({ host, hostIdentity }: StatusView): string =>
  hostIdentity === 'own' || hostIdentity === 'unread'
    ? host
    : `${host}, and not this agent's own: no license is worth anything here, see \`usher hardware\``;

const describeEnding = ({ license, product, what, ends, days }: EndingView): string => {
  const which = what === 'license' ? 'license' : `${what} of license`;
  const when = days === 0 ? 'has ended' : `${days} ${days === 1 ? 'day' : 'days'} left`;
  return `${which} ${license} for ${product}: ${when}, ${renderTime(ends)}`;
};

const describeTwins = ({ twins }: StatusView): string =>
  `${twins.join(', ')}: a copy of this agent runs there. Stop one, or \`usher host adopt\` on it`;

/** When it answered last, and why not since. */
const describeMaster = (view: MasterView): string => {
  const { master, standing, heard, silentSince } = view;
  const last = heard === null ? 'not heard since the start' : `heard ${renderTime(heard)}`;
  switch (standing) {
    case 'unasked':
      return `${master}: not asked since the start; \`usher license refresh\` asks now`;
    case 'answers':
      return `${master}: reachable, ${last}`;
    case 'silent': {
      const since = silentSince === null ? '' : ` since ${renderTime(silentSince)}`;
      return `${master}: not reachable${since}, ${last}: ${reasonOf(view)}`;
    }
  }
};

const describeSite = ({ isHeard, trouble }: NonNullable<StatusView['site']>): string =>
  isHeard
    ? 'a member; see `usher site status`'
    : `no member that is heard, and no seat is lent: ${trouble ?? 'its register has not answered yet.'}`;

const describeReach = ({ reach: { port, addresses, mdns } }: StatusView): string => {
  const where = addresses.length === 0 ? 'this computer alone' : addresses.join(', ');
  return `UDP ${port} at ${where}${mdns.length === 0 ? '' : `; mDNS on ${mdns.join(', ')}`}`;
};

const renderStatus = (view: StatusView): string => {
  const rows = [
    ['Agent', `${view.name}, version ${view.version}`],
    ['Host', describeHost(view)],
    ['Network', describeReach(view)],
    ...(view.site ? [['Site', describeSite(view.site)]] : []),
    ...(view.twins.length === 0 ? [] : [['Twins', describeTwins(view)]]),
    ...view.masters.map((one) => ['Master', describeMaster(one)]),
    ['Store', renderStore(view)],
    ...(view.holdsOff === null ? [] : [['Holding off', renderHoldoff(view.holdsOff)]]),
    ['Clock', describeClock(view)],
    ['Rules', describeRules(view)],
    ['Licenses', String(view.licenses)],
    ...view.endings.map((one) => ['Ending', describeEnding(one)]),
    ['Leases', String(view.leases)],
    ['Sessions', String(view.sessions)],
  ];
  const products = renderTable(
    ['product', 'in use', 'seats'],
    view.products.map((one) => [one.product, String(one.lent), renderSeats(one.seats)]),
    'No product is licensed.',
  );
  const part = view.site ? 'Seats are those of this member; `usher site status` shows all.\n' : '';
  const counters = Object.entries(view.counters).map(([name, count]) => [name, String(count)]);
  const counts =
    counters.length === 0 ? '' : `\n${renderTable(['since the start', 'count'], counters, '')}`;
  return `${renderColumns(rows)}\n\n${products}${part}${counts}`;
};
