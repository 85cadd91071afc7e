/** Usage as the agent tells of it, made ready for pictures. */

import {
  DAY,
  decodePersons,
  decodePools,
  type PersonUsage,
  type PoolUsage,
  type UsageAnswer,
  type UsageSlice,
} from '../../core/usage/usage-report.ts';
import { useSlowAnswer } from '../views.ts';

export interface UsageSpan {
  /** By hour or day, the earliest first. */
  readonly slices: readonly UsageSlice[];
  readonly users: readonly PersonUsage[];
}

/** Made once for each answer: it is drawn more often than it is asked for. */
const read = new WeakMap<UsageAnswer, UsageSpan>();

const spanOf = (answer: UsageAnswer): UsageSpan => {
  const known = read.get(answer);
  if (known !== undefined) return known;
  const slices = answer.pools
    .map(([start, rows]) => ({ start, rows: decodePools(rows) }))
    .sort((one, other) => one.start - other.start);
  const span = { slices, users: decodePersons(answer.user) };
  read.set(answer, span);
  return span;
};

/** Usage of these days of UTC since 1970, both included; `undefined` until it is known. */
export const useUsage = (from: number, to: number, byHour: boolean): UsageSpan | undefined => {
  const answer = useSlowAnswer<UsageAnswer>('/api/usage', { from, to, byHour });
  return answer === undefined ? undefined : spanOf(answer);
};

export const today = (): number => Math.floor(Date.now() / 1000 / DAY);

/** What tells one class of one product from another. */
export const poolKey = (row: Pick<PoolUsage, 'product' | 'class'>): string =>
  `${row.product}\n${row.class}`;

/** The row of this pool in each slice. */
export const rowsOf = (
  slices: readonly UsageSlice[],
  key: string,
): readonly (readonly [start: number, row: PoolUsage])[] =>
  slices.flatMap(({ start, rows }) => {
    const row = rows.find((one) => poolKey(one) === key);
    return row === undefined ? [] : [[start, row] as const];
  });
