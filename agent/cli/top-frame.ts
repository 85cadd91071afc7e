/** One page of `usher top`: what is in use, who waits, who came last, in the lines that there are. */

import { GENERIC_CLASS } from '../../protocol/license.ts';
import { SEATS_UNLIMITED } from '../../protocol/limits.ts';
import type { LicenseView, SeatView, StatusView, WaiterView } from '../core/operations.ts';
import { type ClassUse, type ProductUse, productUse } from '../core/seats/product-use.ts';
import { type Column, renderFitting, renderSeats, renderTime } from './columns.ts';

export interface TopView {
  readonly status: StatusView;
  readonly licenses: readonly LicenseView[];
  readonly seats: readonly SeatView[];
  readonly waiters: readonly WaiterView[];
}

export interface Paper {
  readonly columns: number;
  readonly rows: number;
  readonly isColored: boolean;
  /** Seconds since 1970. */
  readonly now: number;
}

const WAITERS_MAX = 5;

export const renderTop = (view: TopView, paper: Paper): string => {
  const { status, seats, waiters } = view;
  const lines = [
    ...headOf(view, paper),
    '',
    ...toLines(renderUse(view.licenses, paper)),
    ...(waiters.length === 0 ? [] : ['', ...toLines(renderWaiters(waiters, paper))]),
    '',
  ];
  const newest = [...seats].sort((one, other) => other.since - one.since);
  const room = Math.max(0, paper.rows - lines.length - 2);
  const table = renderFitting(
    seatColumns(paper.now),
    newest.slice(0, Math.min(newest.length, room)),
    paper.columns,
    status.leases === 0 ? 'No seat is in use.' : '',
  );
  return `${[...lines, ...toLines(table)]
    .slice(0, paper.rows)
    .map((line) => cut(line, paper))
    .join('\n')}\n`;
};

const toLines = (text: string): readonly string[] => text.trimEnd().split('\n');

/** A line that is too long would begin another; colours take no place. */
const cut = (line: string, { columns }: Paper): string =>
  line.includes('\x1b') || line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;

const headOf = ({ status, seats, licenses }: TopView, paper: Paper): readonly string[] => {
  const trouble = [
    ...(status.storeTrouble === null
      ? []
      : [`the store cannot be written: ${status.storeTrouble}`]),
    ...(status.site?.isHeard === false ? ['the site does not hear this agent'] : []),
    ...(status.rules.inForce ? [] : ['the rules have a fault']),
    ...(status.clock.behind === 0 ? [] : ['the clock has gone back']),
    ...licenses.flatMap(({ product, state, refusal }) =>
      refusal === null || state === 'superseded' ? [] : [`${product} is ${state}`],
    ),
  ];
  const well = `${seats.length} in use, ${status.waiting} wait, store ${status.store}, host ${status.host}`;
  return [
    `Usher ${status.version} on ${status.name}, ${renderTime(paper.now)}`,
    trouble.length === 0 ? well : paint(`${well}; ${trouble.join('; ')}`, WARNING, paper),
  ];
};

const WARNING = 33;
const paint = (text: string, colour: number, { isColored }: Paper): string =>
  isColored ? `\x1b[${colour}m${text}\x1b[0m` : text;

interface UseRow {
  readonly product: string;
  readonly class: string;
  readonly used: number;
  readonly total: number;
  readonly isLending: boolean;
}

const renderUse = (licenses: readonly LicenseView[], paper: Paper): string =>
  renderFitting(
    useColumns(Math.min(40, Math.max(10, paper.columns - 50))),
    productUse(licenses).flatMap(rowsOf),
    paper.columns,
    'No license: add one with `usher license add FILE`.',
  );

/** A product with several classes has a row for each. */
const rowsOf = ({ product, used, total, classes, isLending }: ProductUse): readonly UseRow[] => {
  if (classes.length <= 1) return [{ product, class: '', used, total, isLending }];
  return classes.map((one: ClassUse, i) => ({
    product: i === 0 ? product : '',
    class: one.name === GENERIC_CLASS ? 'generic' : one.name,
    used: one.used,
    total: one.total,
    isLending,
  }));
};

const useColumns = (width: number): readonly Column<UseRow>[] => [
  { heading: 'product', cell: ({ product }) => product },
  { heading: 'class', cell: (row) => row.class, dispensable: 2 },
  { heading: 'in use', cell: ({ used }) => String(used) },
  { heading: 'seats', cell: ({ total, isLending }) => (isLending ? renderSeats(total) : 'none') },
  { heading: '', cell: (row) => bar(row, width), dispensable: 1 },
];

const bar = ({ used, total }: UseRow, width: number): string => {
  if (total >= SEATS_UNLIMITED || total === 0) return '';
  const filled = Math.min(width, Math.ceil((used / total) * width));
  return '█'.repeat(filled) + '·'.repeat(width - filled);
};

const renderWaiters = (waiters: readonly WaiterView[], { columns }: Paper): string =>
  renderFitting(
    [
      { heading: 'waits', cell: ({ user }) => user },
      { heading: 'host', cell: ({ host }) => host },
      { heading: 'product', cell: ({ product }) => product },
      { heading: 'for', cell: ({ waited }) => lengthText(waited) },
    ],
    waiters.slice(0, WAITERS_MAX),
    columns,
    '',
  );

const seatColumns = (now: number): readonly Column<SeatView>[] => [
  { heading: 'user', cell: ({ user }) => user },
  { heading: 'host', cell: ({ host }) => host },
  { heading: 'product', cell: ({ product }) => product, dispensable: 3 },
  { heading: 'class', cell: (seat) => seat.class, dispensable: 1 },
  { heading: 'application', cell: ({ application }) => application, dispensable: 2 },
  { heading: 'for', cell: ({ since }) => lengthText(now - since) },
  { heading: '', cell: marksOf, dispensable: 4 },
];

const marksOf = ({ borrowed, overdraft, ending, idle }: SeatView): string =>
  [
    ...(borrowed === null ? [] : ['borrowed']),
    ...(overdraft ? ['overdraft'] : []),
    ...(ending === null ? [] : ['ending']),
    ...(idle === 0 ? [] : [`not used for ${lengthText(idle)}`]),
  ].join(', ');

/** `42 s`, `7 min`, `3 h`, `2 d` */
const lengthText = (seconds: number): string => {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
};
