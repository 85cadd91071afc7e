/** What usage tells: of each class of seats whether there are enough, of each user who holds how much. */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import { addPool, emptyPool, type PersonUsage, type PoolUsage } from './usage-row.ts';
import { DAY } from './usage-tables.ts';

export { decodePersons, decodePools } from './usage-record.ts';
export type { PersonUsage, PoolUsage } from './usage-row.ts';
export { DAY } from './usage-tables.ts';

/** The pools of an hour or a day. */
export interface UsageSlice {
  /** The second that it begins with. */
  readonly start: number;
  readonly rows: readonly PoolUsage[];
}

/** Which usage is asked for. */
export interface UsageRange {
  /** Days of UTC since 1970, both included. */
  readonly from: number;
  readonly to: number;
  /** Whether hours are kept apart; of days that were folded there are none. */
  readonly byHour: boolean;
}

/** Usage of some days; rows as texts, which `decodePools` and `decodePersons` read. */
export interface UsageAnswer {
  readonly pools: readonly (readonly [start: number, rows: string])[];
  readonly user: string;
  readonly host: string;
  /** Of a site: the other members whose usage is in it; `null`: this member's alone. */
  readonly members?: readonly string[] | null;
}

/** Refusals that more seats would have made grants. */
const FOR_WANT_OF_SEATS: readonly RefusalCode[] = ['no-seat', 'queue-full'];

export const deniedOf = ({ refusals }: PoolUsage): number =>
  FOR_WANT_OF_SEATS.reduce((sum, code) => sum + (refusals.get(code) ?? 0), 0);

/** Whether there are enough seats: `more` would have been used, `just` enough, `enough`. */
export type SeatNeed = 'no-limit' | 'no-seat' | 'more' | 'just' | 'enough';

/** One class of one product over the whole time. */
export interface PoolSummary {
  readonly product: string;
  readonly class: string;
  /** Most that were licensed; `null` for no limit. */
  readonly licensed: number | null;
  readonly peak: number;
  /** The beginning of the hour or day in which so many were lent first. */
  readonly peakAt: number | null;
  readonly seatHours: number;
  /** Of all seat-hours that were licensed, in the hours or days with any use; `null`: no limit. */
  readonly usedShare: number | null;
  readonly fullHours: number;
  /** Days in which all seats were lent at some time. */
  readonly fullDays: number;
  readonly granted: number;
  /** Requests that found no seat. */
  readonly denied: number;
  readonly refused: number;
  readonly waited: number;
  readonly overdrafts: number;
  readonly need: SeatNeed;
  /** The same in a sentence. */
  readonly answer: string;
}

export const sumPools = (slices: readonly UsageSlice[], days: number): readonly PoolSummary[] => {
  const sums = new Map<string, { total: PoolUsage; peakAt: number | null; full: Set<number> }>();
  for (const { start, rows } of slices) {
    for (const row of rows) {
      const key = `${row.product}\n${row.class}`;
      const fresh = {
        total: emptyPool(row.product, row.class),
        peakAt: null,
        full: new Set<number>(),
      };
      const sum = sums.get(key) ?? fresh;
      sums.set(key, sum);
      if (row.peak > sum.total.peak) sum.peakAt = start;
      if (row.fullSeconds > 0) sum.full.add(Math.floor(start / DAY));
      addPool(sum.total, row);
    }
  }
  return [...sums.values()]
    .map(({ total, peakAt, full }) => summarize(total, { peakAt, fullDays: full.size, days }))
    .sort((one, other) => compare(one.product, other.product) || compare(one.class, other.class));
};

const summarize = (
  total: PoolUsage,
  { peakAt, fullDays, days }: { peakAt: number | null; fullDays: number; days: number },
): PoolSummary => {
  const { product, class: className, peak, counts, fullSeconds, seatSeconds } = total;
  const licensed = total.licensed >= SEATS_UNLIMITED ? null : total.licensed;
  const possible = (licensed ?? 0) * days * DAY;
  const summary = {
    product,
    class: className,
    licensed,
    peak,
    peakAt,
    seatHours: hours(seatSeconds),
    usedShare: possible === 0 ? null : seatSeconds / possible,
    fullHours: hours(fullSeconds),
    fullDays,
    granted: counts.granted,
    denied: deniedOf(total),
    refused: [...total.refusals.values()].reduce((sum, count) => sum + count, 0),
    waited: counts.awaited,
    overdrafts: counts.overdraft,
  };
  const need = needOf(summary);
  return { ...summary, need, answer: answerOf({ ...summary, need }) };
};

/** "Do we need more seats?" */
const needOf = (sum: Omit<PoolSummary, 'answer' | 'need'>): SeatNeed => {
  if (sum.licensed === null) return 'no-limit';
  if (sum.licensed === 0) return 'no-seat';
  if (sum.denied > 0 || sum.waited > 0) return 'more';
  return sum.fullDays > 0 ? 'just' : 'enough';
};

const answerOf = (sum: Omit<PoolSummary, 'answer'>): string => {
  const { licensed, peak, denied, fullHours, fullDays, waited } = sum;
  const full = `all ${licensed} were taken for ${round(fullHours)} h on ${some(fullDays, 'day')}`;
  switch (sum.need) {
    case 'no-limit':
      return `There is no limit; at most ${peak} were in use at once.`;
    case 'no-seat':
      return 'No seat of it is licensed.';
    case 'more': {
      const who = [
        ...(denied > 0 ? [`${some(denied, 'request')} found no seat`] : []),
        ...(waited > 0 ? [`${waited} waited for one`] : []),
      ];
      return `More seats would have been used: ${full}, ${who.join(', ')}.`;
    }
    case 'just':
      return `Just enough: ${full}, and nobody was turned away.`;
    case 'enough':
      return `Enough: at most ${peak} of ${licensed} were in use at once.`;
  }
};

/** Refusals of one kind. */
export interface DenialRow {
  readonly product: string;
  readonly class: string;
  readonly code: RefusalCode;
  readonly count: number;
  /** The first and the last hour or day with any. */
  readonly first: number;
  readonly last: number;
}

/** The most frequent first. */
export const sumDenials = (slices: readonly UsageSlice[]): readonly DenialRow[] => {
  const sums = new Map<string, DenialRow>();
  for (const { start, rows } of slices) {
    for (const { product, class: className, refusals } of rows) {
      for (const [code, count] of refusals) {
        const key = `${product}\n${className}\n${code}`;
        const known = sums.get(key);
        sums.set(key, {
          product,
          class: className,
          code,
          count: (known?.count ?? 0) + count,
          first: Math.min(known?.first ?? start, start),
          last: Math.max(known?.last ?? start, start),
        });
      }
    }
  }
  return [...sums.values()].sort((one, other) => other.count - one.count);
};

/** A user or host over the whole time. */
export interface PersonSummary {
  readonly product: string;
  readonly name: string;
  readonly seatHours: number;
  readonly idleHours: number;
  /** Of the time, as far as clients tell of it. */
  readonly idleShare: number;
  readonly granted: number;
  readonly refused: number;
}

export const summarizePerson = (row: PersonUsage): PersonSummary => ({
  product: row.product,
  name: row.name,
  seatHours: hours(row.seatSeconds),
  idleHours: hours(row.idleSeconds),
  idleShare: row.seatSeconds === 0 ? 0 : row.idleSeconds / row.seatSeconds,
  granted: row.granted,
  refused: row.refused,
});

const hours = (seconds: number): number => Math.round((seconds / 3600) * 100) / 100;
const round = (value: number): number => Math.round(value * 10) / 10;
const some = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
