/** The agent in numbers, as OpenMetrics text 1.0. */

import type { LicenseView, SiteView, StatusView } from '../core/operations.ts';
import { DURATION_BOUNDS, type Histogram } from '../edges/history/durations.ts';
import { family, flag, one, type Sample } from './metric-family.ts';
import { siteFamilies } from './site-metrics.ts';

export interface MetricsView {
  readonly status: StatusView;
  readonly licenses: readonly LicenseView[];
  /** `null` where the agent is a site by itself. */
  readonly site: SiteView | null;
  readonly commits: Histogram & { readonly failed: number };
  readonly datagrams: Histogram;
  readonly history: { readonly usageBytes: number; readonly auditBytes: number };
  /** Seconds since 1970. */
  readonly now: number;
  readonly process: { readonly resident: number; readonly cpuSeconds: number };
}

export const METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** The text of all metrics. */
export const renderMetrics = (view: MetricsView): string =>
  [
    ...agentFamilies(view),
    ...seatFamilies(view),
    ...licenseFamilies(view),
    ...masterFamilies(view.status),
    ...counterFamilies(view.status),
    ...storeFamilies(view),
    ...siteFamilies(view.site),
    '# EOF\n',
  ].join('');

const agentFamilies = ({ status, process }: MetricsView): readonly string[] => [
  family('usher_agent', 'info', 'The agent and its version.', [
    [{ name: status.name, version: status.version }, 1],
  ]),
  family(
    'usher_host_verdict',
    'gauge',
    'What this computer is judged to be.',
    ['physical', 'virtual', 'container', 'unknown'].map((verdict) => [
      { verdict },
      flag(status.host === verdict),
    ]),
  ),
  family(
    'usher_clock_behind_seconds',
    'gauge',
    'By how much the clock is behind the latest time seen.',
    one(status.clock.behind),
  ),
  family(
    'usher_rules_faulty',
    'gauge',
    'Whether the file of rules has faults.',
    one(flag(status.rules.faults.length > 0)),
  ),
  family(
    'usher_holding_off_seconds',
    'gauge',
    'For how long no seat is lent anew.',
    one(status.holdsOff ?? 0),
  ),
  family('usher_process_resident_bytes', 'gauge', 'Memory of the agent.', one(process.resident)),
  family(
    'usher_process_cpu_seconds',
    'counter',
    'Processor time of the agent.',
    one(process.cpuSeconds),
  ),
];

interface Seats {
  readonly product: string;
  readonly class: string;
  licensed: number;
  lent: number;
}

const sumSeats = (licenses: readonly LicenseView[]): readonly Seats[] => {
  const sums = new Map<string, Seats>();
  for (const { product, pools, refusal } of licenses) {
    for (const pool of pools) {
      const key = `${product}\n${pool.class}`;
      const sum = sums.get(key) ?? { product, class: pool.class, licensed: 0, lent: 0 };
      sums.set(key, sum);
      sum.lent += pool.lent;
      if (refusal === null) sum.licensed += pool.licensed;
    }
  }
  return [...sums.values()];
};

const seatFamilies = ({ status, licenses }: MetricsView): readonly string[] => {
  const seats = sumSeats(licenses);
  const byClass = (read: (seats: Seats) => number): readonly Sample[] =>
    seats.map((pool) => [{ product: pool.product, class: pool.class }, read(pool)]);
  const states = seats.flatMap((pool): readonly Sample[] => {
    const { product, licensed, lent } = pool;
    const labels = { product, class: pool.class };
    return [
      [{ ...labels, state: 'used' }, Math.min(lent, licensed)],
      [{ ...labels, state: 'free' }, Math.max(0, licensed - lent)],
      [{ ...labels, state: 'beyond' }, Math.max(0, lent - licensed)],
    ];
  });
  return [
    family('usher_seats', 'gauge', 'Seats by state; beyond: more than the license counts.', states),
    family(
      'usher_seats_licensed',
      'gauge',
      'Seats that are licensed now.',
      byClass(({ licensed }) => licensed),
    ),
    family('usher_leases', 'gauge', 'Leases that count.', one(status.leases)),
    family('usher_leases_borrowed', 'gauge', 'Leases that were taken along.', one(status.borrowed)),
    family(
      'usher_leases_idle',
      'gauge',
      'Leases whose application says that it is not used.',
      one(status.idle),
    ),
    family('usher_waiting', 'gauge', 'Clients that wait for a seat.', one(status.waiting)),
    family('usher_sessions', 'gauge', 'Sessions that are remembered.', one(status.sessions)),
  ];
};

const DAY = 86_400;

const licenseFamilies = ({ licenses, now }: MetricsView): readonly string[] => [
  family(
    'usher_license_days_left',
    'gauge',
    'Days until a license ends; none for one that never does.',
    licenses.flatMap(({ id, product, ends }): readonly Sample[] =>
      ends === null
        ? []
        : [[{ license: id, product }, Math.round(((ends - now) / DAY) * 1000) / 1000]],
    ),
  ),
  family(
    'usher_license_lends',
    'gauge',
    'Whether a license lends, and in which state it is.',
    licenses.map(({ id, product, state, refusal }) => [
      { license: id, product, state },
      flag(refusal === null),
    ]),
  ),
];

const masterFamilies = ({ masters }: StatusView): readonly string[] => {
  const asked = masters.filter(({ standing }) => standing !== 'unasked');
  return [
    family(
      'usher_master_reachable',
      'gauge',
      'Whether a master answered when it was asked last; none for one that was not asked yet.',
      asked.map(({ master, standing }) => [{ master }, flag(standing === 'answers')]),
    ),
    family(
      'usher_master_heard_timestamp_seconds',
      'gauge',
      'When a master answered last.',
      asked.flatMap(({ master, heard }): readonly Sample[] =>
        heard === null ? [] : [[{ master }, heard]],
      ),
    ),
  ];
};

const COUNTERS: readonly (readonly [counter: string, name: string, help: string])[] = [
  ['granted', 'usher_grants', 'Seats that were granted.'],
  ['renewed', 'usher_renewals', 'Terms that were prolonged.'],
  ['released', 'usher_releases', 'Seats that were given back.'],
  ['lapsed', 'usher_lapses', 'Seats of clients that were not heard any more.'],
  ['disconnected', 'usher_disconnects', 'Seats that an administrator took back.'],
  ['recalled', 'usher_recalls', 'Seats of users whose assignment was recalled.'],
  ['borrowed', 'usher_borrowings', 'Seats that were taken along, or for longer.'],
  ['overdraft', 'usher_overdrafts', 'Seats that were granted beyond the licensed count.'],
  ['queued', 'usher_waits', 'Clients that began to wait for a seat.'],
];

const counterFamilies = ({ counters }: StatusView): readonly string[] => {
  const withCode = (prefix: string): readonly Sample[] =>
    Object.entries(counters).flatMap(([name, count]): readonly Sample[] =>
      name.startsWith(prefix) ? [[{ code: name.slice(prefix.length) }, count]] : [],
    );
  return [
    ...COUNTERS.map(([counter, name, help]) =>
      family(name, 'counter', help, one(counters[counter] ?? 0)),
    ),
    family('usher_refusals', 'counter', 'Requests that were refused.', withCode('refused ')),
    family(
      'usher_endings',
      'counter',
      'Renewals that were told to be the last.',
      withCode('ending '),
    ),
  ];
};

const storeFamilies = ({ status, commits, datagrams, history }: MetricsView): readonly string[] => [
  family(
    'usher_store_working',
    'gauge',
    'Whether the store can be written.',
    one(flag(status.store === 'working')),
  ),
  family(
    'usher_store_failures',
    'counter',
    'Batches that could not be written.',
    one(commits.failed),
  ),
  family(
    'usher_usage_bytes',
    'gauge',
    'Bytes of statistics in the store.',
    one(history.usageBytes),
  ),
  family(
    'usher_audit_bytes',
    'gauge',
    'Bytes of sealed audit in the store.',
    one(history.auditBytes),
  ),
  histogram('usher_store_commit_seconds', 'How long the store took to write a batch.', commits),
  histogram(
    'usher_datagram_seconds',
    'How long the agent took over a datagram, until it knew what to answer.',
    datagrams,
  ),
];

const histogram = (name: string, help: string, { counts, sum }: Histogram): string => {
  let total = 0;
  const buckets = counts.map((count, i) => {
    total += count;
    const bound = DURATION_BOUNDS[i];
    return `${name}_bucket{le="${bound === undefined ? '+Inf' : bound}"} ${total}\n`;
  });
  return `# TYPE ${name} histogram\n# HELP ${name} ${help}\n${buckets.join('')}${name}_sum ${sum}\n${name}_count ${total}\n`;
};

/** What keeps the agent from lending, in words; none when it does lend. */
export const notReady = ({
  store,
  storeTrouble,
  holdsOff,
  rules,
  site,
}: StatusView): readonly string[] => [
  ...(store === 'working' ? [] : [`The store cannot be written: ${storeTrouble}.`]),
  ...(holdsOff === null ? [] : [`No seat is lent for ${holdsOff} s more.`]),
  ...(site === null || site.isHeard
    ? []
    : [`This agent is not heard by its site.${site.trouble === null ? '' : ` ${site.trouble}`}`]),
  ...(rules.inForce ? [] : ['The rules are faulty, and no seat is lent.']),
];
