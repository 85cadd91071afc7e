import { deniedOf, type PoolUsage } from '../../core/usage/usage-report.ts';
import { type Column, renderDay, renderSeats } from '../columns.ts';
import { hoursText, makeReport } from '../history/report.ts';

interface PeakRow extends Pick<PoolUsage, 'product' | 'class' | 'peak' | 'licensed'> {
  /** The second that the day or hour begins with. */
  readonly start: number;
  readonly seatHours: number;
  readonly fullHours: number;
  readonly granted: number;
  readonly denied: number;
}

export const reportPeaks = makeReport({
  name: 'peaks',
  summary: 'Show the most seats in use on each day, beside those licensed',
  flags: { hours: { kind: 'switch', summary: 'of each hour instead' } },
  print: ({ args }, { slices }, out) => {
    const rows = slices.flatMap(({ start, rows }) =>
      rows
        .filter(({ licensed, peak }) => licensed > 0 || peak > 0)
        .map((row) => ({
          start,
          product: row.product,
          class: row.class,
          peak: row.peak,
          licensed: row.licensed,
          seatHours: row.seatSeconds / 3600,
          fullHours: row.fullSeconds / 3600,
          granted: row.counts.granted,
          denied: deniedOf(row),
        })),
    );
    const renderStart = (start: number): string =>
      args.has('hours') ? new Date(start * 1000).toISOString().slice(0, 16) : renderDay(start);
    out({
      rows,
      columns: [{ heading: 'when', cell: ({ start }) => renderStart(start) }, ...COLUMNS],
      csv: [['start', ({ start }: PeakRow) => renderStart(start)], ...CSV],
      empty: 'Nothing was lent.',
    });
  },
});

const BAR = 20;

/** A full bar is all seats; where there is no limit there is none. */
const renderBar = ({ peak, licensed }: PeakRow): string => {
  const share = licensed === 0 ? 0 : Math.min(1, peak / licensed);
  return '█'.repeat(peak === 0 ? 0 : Math.max(1, Math.floor(share * BAR))).padEnd(BAR, '·');
};

const COLUMNS: readonly Column<PeakRow>[] = [
  { heading: 'product', cell: ({ product }) => product },
  { heading: 'class', cell: (row) => row.class, dispensable: 4 },
  { heading: 'peak', cell: ({ peak }) => String(peak) },
  { heading: 'seats', cell: ({ licensed }) => renderSeats(licensed) },
  { heading: '', cell: renderBar, dispensable: 5 },
  { heading: 'seat-hours', cell: ({ seatHours }) => hoursText(seatHours), dispensable: 2 },
  { heading: 'hours full', cell: ({ fullHours }) => hoursText(fullHours) },
  { heading: 'granted', cell: ({ granted }) => String(granted), dispensable: 1 },
  { heading: 'denied', cell: ({ denied }) => String(denied) },
];

const CSV = [
  ['product', ({ product }: PeakRow) => product],
  ['class', (row: PeakRow) => row.class],
  ['peak', ({ peak }: PeakRow) => peak],
  ['seats', ({ licensed }: PeakRow) => licensed],
  ['seat_hours', ({ seatHours }: PeakRow) => seatHours],
  ['hours_full', ({ fullHours }: PeakRow) => fullHours],
  ['granted', ({ granted }: PeakRow) => granted],
  ['denied', ({ denied }: PeakRow) => denied],
] as const;
