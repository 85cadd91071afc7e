/** Usage of several members of one site as one. */

import { decodePersons, decodePools, encodePersons, encodePools } from '../usage/usage-record.ts';
import type { UsageAnswer, UsageRange } from '../usage/usage-report.ts';
import { COUNTED, emptyPool, type PoolUsage } from '../usage/usage-row.ts';
import { addPersons, DAY, personRows } from '../usage/usage-tables.ts';

/** One day of one other member. */
export interface MemberDay {
  /** Days of UTC since 1970. */
  readonly day: number;
  readonly member: string;
  /** Rows as `UsageAnswer` has them. */
  readonly pools: string;
  readonly user: string;
  readonly host: string;
}

const PEOPLE_MAX = 20_000;

/** Adds what happened elsewhere at the same time. Peaks add up: together they were no higher. */
const addBeside = (to: PoolUsage, from: PoolUsage): void => {
  to.peak += from.peak;
  to.licensed = Math.max(to.licensed, from.licensed);
  to.seatSeconds += from.seatSeconds;
  to.fullSeconds = Math.max(to.fullSeconds, from.fullSeconds);
  for (const name of COUNTED) to.counts[name] += from.counts[name];
  for (const [code, count] of from.refusals) {
    to.refusals.set(code, (to.refusals.get(code) ?? 0) + count);
  }
};

/** This member's usage by days, with that of others on the same days. */
export const joinUsage = (
  own: UsageAnswer,
  others: readonly MemberDay[],
  { from, to }: UsageRange,
): UsageAnswer => {
  const days = others.filter(({ day }) => day >= from && day <= to);
  const pools = new Map<number, Map<string, PoolUsage>>();
  const take = (start: number, text: string): void => {
    const rows = pools.get(start) ?? new Map<string, PoolUsage>();
    pools.set(start, rows);
    for (const row of decodePools(text)) {
      const key = `${row.product}\n${row.class}`;
      const sum = rows.get(key) ?? emptyPool(row.product, row.class);
      rows.set(key, sum);
      addBeside(sum, row);
    }
  };
  for (const [start, text] of own.pools) take(start, text);
  for (const { day, pools: text } of days) take(day * DAY, text);
  const people = (kind: 'user' | 'host'): string => {
    const rows = personRows(PEOPLE_MAX);
    for (const text of [own[kind], ...days.map((one) => one[kind])]) {
      addPersons(rows, decodePersons(text));
    }
    return encodePersons(rows.values());
  };
  return {
    pools: [...pools].map(([start, rows]) => [start, encodePools(rows.values())] as const),
    user: people('user'),
    host: people('host'),
    members: [...new Set(days.map(({ member }) => member))].sort(),
  };
};

/** The same with as many rows as fit: those who had seats the longest. */
export const cutPersons = (text: string, most: number): string => {
  const rows = [...decodePersons(text)];
  return encodePersons(
    rows.sort((one, other) => other.seatSeconds - one.seatSeconds).slice(0, most),
  );
};

export const cutPools = (text: string, most: number): string =>
  encodePools(decodePools(text).slice(0, most));
