import { type PoolSummary, sumPools } from '../../core/usage/usage-report.ts';
import { type Column, renderDay, renderSeats } from '../columns.ts';
import { hoursText, makeReport, percent } from '../history/report.ts';

export const reportUsage = makeReport({
  name: 'usage',
  summary: 'Say of each product whether there are enough seats, and why',
  print: (_invocation, { slices, from, to }, out) => {
    const all = sumPools(slices, to - from + 1);
    const rows = all.filter(({ licensed, seatHours }) => licensed !== 0 || seatHours > 0);
    const answers = rows.map(({ product, class: className, answer }) => {
      return `${product} ${className}: ${answer}\n`;
    });
    out({
      rows,
      columns: COLUMNS,
      csv: CSV,
      empty: 'Nothing was lent.',
      below: answers.join(''),
    });
  },
});

const COLUMNS: readonly Column<PoolSummary>[] = [
  { heading: 'product', cell: ({ product }) => product },
  { heading: 'class', cell: (row) => row.class },
  {
    heading: 'seats',
    cell: ({ licensed }) => (licensed === null ? 'no limit' : renderSeats(licensed)),
  },
  { heading: 'peak', cell: ({ peak }) => String(peak) },
  {
    heading: 'on',
    cell: ({ peakAt }) => (peakAt === null ? '-' : renderDay(peakAt)),
    dispensable: 4,
  },
  { heading: 'seat-hours', cell: ({ seatHours }) => hoursText(seatHours), dispensable: 3 },
  { heading: 'used', cell: ({ usedShare }) => percent(usedShare), dispensable: 5 },
  { heading: 'hours full', cell: ({ fullHours }) => hoursText(fullHours) },
  { heading: 'days full', cell: ({ fullDays }) => String(fullDays), dispensable: 6 },
  { heading: 'granted', cell: ({ granted }) => String(granted), dispensable: 2 },
  { heading: 'denied', cell: ({ denied }) => String(denied) },
  { heading: 'waited', cell: ({ waited }) => String(waited), dispensable: 1 },
];

const CSV = [
  ['product', ({ product }: PoolSummary) => product],
  ['class', (row: PoolSummary) => row.class],
  ['seats', ({ licensed }: PoolSummary) => licensed],
  ['peak', ({ peak }: PoolSummary) => peak],
  ['peak_day', ({ peakAt }: PoolSummary) => (peakAt === null ? null : renderDay(peakAt))],
  ['seat_hours', ({ seatHours }: PoolSummary) => seatHours],
  ['used_share', ({ usedShare }: PoolSummary) => usedShare],
  ['hours_full', ({ fullHours }: PoolSummary) => fullHours],
  ['days_full', ({ fullDays }: PoolSummary) => fullDays],
  ['granted', ({ granted }: PoolSummary) => granted],
  ['denied', ({ denied }: PoolSummary) => denied],
  ['refused', ({ refused }: PoolSummary) => refused],
  ['waited', ({ waited }: PoolSummary) => waited],
  ['overdrafts', ({ overdrafts }: PoolSummary) => overdrafts],
] as const;
