/** Usage of a made-up office: busy by day, quiet at night and at weekends, a little more each week. */

import { encodePersons, encodePools } from '../../agent/core/usage/usage-record.ts';
import type { UsageAnswer, UsageRange } from '../../agent/core/usage/usage-report.ts';
import { emptyPerson, emptyPool, type PoolUsage } from '../../agent/core/usage/usage-row.ts';

const DAY = 86_400;
const HOUR = 3600;

const POOLS = [
  ['acme-cad', 'developer', 20],
  ['acme-cad', 'execution', 12],
  ['acme-cad', 'generic', 4],
  ['acme-plan', 'generic', 25],
  ['acme-sim', 'generic', 10_500],
] as const;

/** Between 0 and 1, the same for the same hour. */
const noise = (n: number): number => {
  const x = Math.sin(n * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
};

/** How busy the office is in this hour; 1 takes all seats. */
const busy = (hour: number, i: number): number => {
  const weekday = (Math.floor(hour / 24) + 4) % 7;
  const ofDay = hour % 24;
  const isOff = weekday === 0 || weekday === 6;
  const shape =
    Math.exp(-(((ofDay - 11) / 3.6) ** 2)) + 0.7 * Math.exp(-(((ofDay - 15) / 2.4) ** 2));
  return Math.min(
    1.08,
    shape * (isOff ? 0.08 : 0.82 + 0.2 * noise(hour + i)) * (i === 3 ? 0.45 : 1),
  );
};

const hourOf = (hour: number): readonly PoolUsage[] =>
  POOLS.map(([product, name, licensed], i) => {
    const row = emptyPool(product, name);
    const share = busy(hour, i);
    row.licensed = licensed;
    row.peak = Math.min(licensed, Math.round(licensed * share));
    row.seatSeconds = Math.round(row.peak * 0.85 * HOUR);
    row.fullSeconds = share >= 1 ? Math.round((share - 0.98) * 12_000) : 0;
    row.counts.granted = Math.round(row.peak / 2);
    if (share > 1 && i === 1) row.refusals.set('no-seat', Math.round((share - 1) * 60));
    if (i === 0 && hour % 97 === 0) row.refusals.set('excluded', 2);
    return row;
  });

/** Answers as an agent would that has lent its seats for a long time. */
export const madeUpUsage = ({ from, to, byHour }: UsageRange): UsageAnswer => {
  const now = Math.floor(Date.now() / 1000);
  const slices = new Map<number, PoolUsage[]>();
  for (
    let hour = (from * DAY) / HOUR;
    hour < ((to + 1) * DAY) / HOUR && hour * HOUR <= now;
    hour++
  ) {
    const start = byHour ? hour * HOUR : hour * HOUR - ((hour * HOUR) % DAY);
    const rows = slices.get(start) ?? [];
    slices.set(start, rows);
    for (const row of hourOf(hour)) {
      const sum = rows.find((one) => one.product === row.product && one.class === row.class);
      if (sum === undefined) {
        rows.push(row);
        continue;
      }
      sum.peak = Math.max(sum.peak, row.peak);
      sum.seatSeconds += row.seatSeconds;
      sum.fullSeconds += row.fullSeconds;
      sum.counts.granted += row.counts.granted;
      for (const [code, n] of row.refusals)
        sum.refusals.set(code, (sum.refusals.get(code) ?? 0) + n);
    }
  }
  const days = to - from + 1;
  const persons = ['emre', 'greta', 'inês', 'carla', 'ann', 'hiro', 'bob'].map((name, i) => ({
    ...emptyPerson(i === 2 ? 'acme-plan' : 'acme-cad', name),
    seatSeconds: Math.round(days * (5 - i * 0.4) * HOUR),
    idleSeconds: Math.round(days * Math.max(0, 3.1 - i * 0.7) * HOUR),
    granted: days * 2,
    refused: i,
  }));
  return {
    pools: [...slices].map(([start, rows]) => [start, encodePools(rows)] as const),
    user: encodePersons(persons),
    host: encodePersons([]),
  };
};
