/** What the reports have in common: their time, their product, and their three forms. */

import {
  DAY,
  decodePersons,
  decodePools,
  type PersonUsage,
  type UsageAnswer,
  type UsageSlice,
} from '../../core/usage/usage-report.ts';
import { UsherError } from '../../usher-error.ts';
import { type Column, renderDay, renderFitting } from '../columns.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderCsv } from './csv.ts';
import { askHistory } from './history-access.ts';
import { readDay } from './read-time.ts';

const DAYS = 30;
const DAYS_MAX = 548;

export interface UsageReport {
  /** Days of UTC since 1970, both included. */
  readonly from: number;
  readonly to: number;
  readonly slices: readonly UsageSlice[];
  readonly user: readonly PersonUsage[];
  readonly host: readonly PersonUsage[];
  /** As an answer has them. */
  readonly members: UsageAnswer['members'];
}

const REPORT_FLAGS = {
  ...JSON_FLAG,
  csv: { kind: 'switch', summary: 'print CSV for spreadsheets' },
  from: {
    kind: 'text',
    value: 'DAY',
    summary: `the first day of UTC, or 90d; else ${DAYS} days ago`,
  },
  to: { kind: 'text', value: 'DAY', summary: 'the last day of UTC, else today' },
  product: { kind: 'text', value: 'NAME', summary: 'of this product only' },
} as const;

/** One form of a report's rows for people, one for spreadsheets, themselves for programs. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly csv: readonly (readonly [heading: string, cell: (row: T) => string | number | null])[];
  readonly empty: string;
  /** What stands below the table. */
  readonly below?: string;
}

interface ReportPlan {
  readonly name: string;
  readonly summary: string;
  readonly flags?: Command['flags'];
  readonly print: (invocation: Invocation, report: UsageReport, out: Printer) => void;
}

export type Printer = <T>(rows: Rows<T>) => void;

/** A report as a command. */
export const makeReport = ({ name, summary, flags = {}, print }: ReportPlan): Command => ({
  name: `report ${name}`,
  summary,
  positionals: [],
  flags: { ...REPORT_FLAGS, ...flags },
  settings: ['data'],
  run: async (invocation) => {
    const report = await readReport(invocation);
    print(invocation, report, (rows) => printRows(invocation, report, rows));
    return EXIT.done;
  },
});

const readReport = async (invocation: Invocation): Promise<UsageReport> => {
  const { args } = invocation;
  const to = readDay('to', args.text('to') ?? '0s');
  const from = readDay('from', args.text('from') ?? `${DAYS - 1}d`);
  if (from > to) throw new UsherError('WRONG_USAGE', '--from comes after --to.');
  if (to - from >= DAYS_MAX) {
    throw new UsherError('WRONG_USAGE', `A report is of ${DAYS_MAX} days at most.`);
  }
  const byHour = args.has('hours');
  const target = `/usage?from=${from}&to=${to}&by=${byHour ? 'hour' : 'day'}`;
  const answer: UsageAnswer = await askHistory(invocation, target, (views) =>
    views.usage({ from, to, byHour }),
  );
  const product = args.text('product');
  const isWanted = (row: { readonly product: string }): boolean =>
    product === undefined || row.product === product;
  const slices = answer.pools
    .map(([start, rows]) => ({ start, rows: decodePools(rows).filter(isWanted) }))
    .sort((one, other) => one.start - other.start);
  const [user, host] = [answer.user, answer.host].map((text) =>
    decodePersons(text).filter(isWanted),
  );
  return { from, to, slices, user: user ?? [], host: host ?? [], members: answer.members };
};

const printRows = <T>(
  { args, terminal }: Invocation,
  { from, to, members }: UsageReport,
  { rows, columns, csv, empty, below = '' }: Rows<T>,
): void => {
  if (args.has('json')) return terminal.out(`${JSON.stringify(rows, null, 2)}\n`);
  if (args.has('csv')) {
    const cells = rows.map((row) => csv.map(([, cell]) => cell(row)));
    return terminal.out(
      renderCsv(
        csv.map(([heading]) => heading),
        cells,
      ),
    );
  }
  const days = to - from + 1;
  const range =
    from === to ? renderDay(from * DAY) : `${renderDay(from * DAY)} to ${renderDay(to * DAY)}`;
  terminal.out(
    `${range}, ${days === 1 ? 'one day' : `${days} days`} of UTC${membersText(members)}\n\n`,
  );
  terminal.out(renderFitting(columns, rows, terminal.columns, empty));
  if (below !== '' && rows.length > 0) terminal.out(`\n${below}`);
};

/** Of a site: whose usage it is. */
const membersText = (members: UsageAnswer['members']): string => {
  if (members === undefined) return '';
  if (members === null) return ', of this member of the site alone';
  return members.length === 0 ? '' : `, of this member and ${members.join(', ')}`;
};

/** `11 %`, or `-` for what has no whole. */
export const percent = (share: number | null): string =>
  share === null ? '-' : `${Math.round(share * 100)} %`;

export const hoursText = (hours: number): string =>
  hours === 0 ? '-' : hours < 10 ? hours.toFixed(1) : String(Math.round(hours));
