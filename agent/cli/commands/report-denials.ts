import { REFUSALS } from '../../../protocol/refusal.ts';
import { type DenialRow, sumDenials } from '../../core/usage/usage-report.ts';
import { type Column, renderDay, renderTable } from '../columns.ts';
import { makeReport, type UsageReport } from '../history/report.ts';

export const reportDenials = makeReport({
  name: 'denials',
  summary: 'Show how often seats were refused, why, and to whom',
  print: (_invocation, report, out) =>
    out({
      rows: sumDenials(report.slices),
      columns: COLUMNS,
      csv: CSV,
      empty: 'No seat was refused.',
      below: renderMost(report),
    }),
});

const PEOPLE_SHOWN = 10;

const renderMost = ({ user }: UsageReport): string => {
  const refused = user
    .filter((row) => row.refused > 0)
    .sort((one, other) => other.refused - one.refused)
    .slice(0, PEOPLE_SHOWN);
  const rows = refused.map((row) => [row.name, row.product, String(row.refused)]);
  return renderTable(['refused most', 'product', 'refused'], rows, '');
};

const COLUMNS: readonly Column<DenialRow>[] = [
  { heading: 'refused', cell: ({ count }) => String(count) },
  { heading: 'product', cell: ({ product }) => product },
  { heading: 'class', cell: (row) => row.class, dispensable: 3 },
  { heading: 'code', cell: ({ code }) => code },
  { heading: 'first', cell: ({ first }) => renderDay(first), dispensable: 1 },
  { heading: 'last', cell: ({ last }) => renderDay(last), dispensable: 2 },
  { heading: 'why', cell: ({ code }) => REFUSALS[code].sentence, dispensable: 4 },
];

const CSV = [
  ['product', ({ product }: DenialRow) => product],
  ['class', (row: DenialRow) => row.class],
  ['code', ({ code }: DenialRow) => code],
  ['refused', ({ count }: DenialRow) => count],
  ['first_day', ({ first }: DenialRow) => renderDay(first)],
  ['last_day', ({ last }: DenialRow) => renderDay(last)],
] as const;
