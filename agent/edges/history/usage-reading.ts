/** Usage of some days as it is stored: seats by day or hour, users and hosts summed up over all. */

import {
  decodePersons,
  decodePools,
  type UsageKind,
  usageIndex,
  usageKey,
} from '../../core/usage/usage-record.ts';
import type { UsageRange } from '../../core/usage/usage-report.ts';
import {
  addPersons,
  addPools,
  DAY,
  HOUR,
  PEOPLE,
  type People,
  type PersonRows,
  type PoolRows,
  personRows,
  poolRows,
} from '../../core/usage/usage-tables.ts';
import { entriesBetween, type HistoryReader } from './history-store.ts';
import { inflate } from './usage-value.ts';

/** Users and hosts of a report that have a row of their own. */
const PEOPLE_MAX = 20_000;

export interface UsageReading {
  /** By the second that the hour or day begins with. */
  readonly pools: ReadonlyMap<number, PoolRows>;
  readonly people: Readonly<Record<People, PersonRows>>;
}

export const readUsage = async (
  reader: HistoryReader,
  { from, to, byHour }: UsageRange,
): Promise<UsageReading> => {
  const pools = new Map<number, PoolRows>();
  const people = { user: personRows(PEOPLE_MAX), host: personRows(PEOPLE_MAX) };
  const take = (start: number, text: string): void => {
    const rows = pools.get(start) ?? poolRows();
    pools.set(start, rows);
    addPools(rows, decodePools(text));
  };
  const hours = [(from * DAY) / HOUR, ((to + 1) * DAY) / HOUR] as const;
  await each(reader, 'daily', [from, to + 1], (day, text) => take(day * DAY, text));
  await each(reader, 'hour', hours, (hour, text) => {
    const start = hour * HOUR;
    take(byHour ? start : start - (start % DAY), text);
  });
  for (const kind of PEOPLE) {
    await each(reader, kind, [from, to + 1], (_day, text) =>
      addPersons(people[kind], decodePersons(text)),
    );
  }
  return { pools, people };
};

const each = async (
  reader: HistoryReader,
  kind: UsageKind,
  [first, behind]: readonly [number, number],
  take: (index: number, text: string) => void,
): Promise<void> => {
  const entries = entriesBetween(reader, usageKey(kind, first), usageKey(kind, behind));
  for await (const [key, value] of entries) {
    const index = usageIndex(kind, key);
    if (index !== undefined) take(index, inflate(value));
  }
};
