/** Rows in columns, for people on a terminal. */

import { SEATS_UNLIMITED } from '../../protocol/limits.ts';

/** Pads every column but the last to its widest cell. */
export const renderColumns = (rows: readonly (readonly string[])[]): string => {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** A table with headings, or `empty` when there are no rows. */
export const renderTable = (
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  empty: string,
): string =>
  rows.length === 0
    ? `${empty}\n`
    : `${renderColumns([headings.map((one) => one.toUpperCase()), ...rows])}\n`;

/** A column of a table of records. */
export interface Column<T> {
  readonly heading: string;
  readonly cell: (row: T) => string;
  /** Left out where the table is too wide, those of the lowest number first; never without one. */
  readonly dispensable?: number;
}

/** A table no wider than `width` characters where leaving out columns can make it so. */
export const renderFitting = <T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  width: number,
  empty: string,
): string => {
  const table = renderTable(
    columns.map(({ heading }) => heading),
    rows.map((row) => columns.map(({ cell }) => cell(row))),
    empty,
  );
  if (rows.length === 0 || widest(table) <= width) return table;
  const ranks = columns.flatMap(({ dispensable }) => dispensable ?? []);
  if (ranks.length === 0) return table;
  const least = Math.min(...ranks);
  const kept = columns.filter(({ dispensable }) => dispensable !== least);
  return renderFitting(kept, rows, width, empty);
};

const widest = (text: string): number =>
  text.split('\n').reduce((most, line) => Math.max(most, line.length), 0);

/** A date and time of day in the reader's own zone, from seconds since 1970. */
export const renderTime = (epochSeconds: number): string => {
  const date = new Date(epochSeconds * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  );
};

/** A day in UTC, as licenses count days. */
export const renderDay = (epochSeconds: number): string =>
  new Date(epochSeconds * 1000).toISOString().slice(0, 10);

/** A number of seats, or that there is no limit. */
export const renderSeats = (seats: number): string =>
  seats >= SEATS_UNLIMITED ? 'no limit' : String(seats);
