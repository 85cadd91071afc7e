/** Long lists are told page by page. */

import { type Page, ROWS_MAX } from './master-operations.ts';

/** A page of rows, and how many rows there are on all. */
export interface Listed<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

/** One page, from the row that is highest `by` on; rows alike stay in their order. */
export const listed = <T>(all: readonly T[], by: (row: T) => number, page?: Page): Listed<T> => {
  const { from, most } = page ?? { from: 0, most: ROWS_MAX };
  const sorted = all.toSorted((one, other) => by(other) - by(one));
  return { rows: sorted.slice(from, from + Math.min(most, ROWS_MAX)), total: all.length };
};
