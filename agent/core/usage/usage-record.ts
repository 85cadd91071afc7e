/** What the store keeps of usage: keys, and rows as JSON text, which the edge compresses. */

import { REFUSALS, refusalByNumber } from '../../../protocol/refusal.ts';
import { isUint32 } from '../../../protocol/units.ts';
import { COUNTED, emptyPerson, emptyPool, type PersonUsage, type PoolUsage } from './usage-row.ts';

export const USAGE_PREFIX = 'usage/';

/** `hour`, `daily`: seats by hours since 1970, and by days once hours are folded; `user`, `host`. */
export type UsageKind = 'hour' | 'daily' | 'user' | 'host';

const DIGITS = 8;

export const usageKey = (kind: UsageKind, index: number): string =>
  `${USAGE_PREFIX}${kind}/${String(index).padStart(DIGITS, '0')}`;

/** The hour or day of a key, or `undefined` where it is no such key. */
export const usageIndex = (kind: UsageKind, key: string): number | undefined => {
  const index = Number(key.slice(-DIGITS));
  return isUint32(index) && usageKey(kind, index) === key ? index : undefined;
};

const RECORD_VERSION = 1;

export const encodePools = (rows: Iterable<PoolUsage>): string =>
  JSON.stringify([
    RECORD_VERSION,
    ...[...rows].map((row) => [
      row.product,
      row.class,
      row.peak,
      row.licensed,
      row.seatSeconds,
      row.fullSeconds,
      COUNTED.map((name) => row.counts[name]),
      [...row.refusals].map(([code, count]) => [REFUSALS[code].number, count]),
    ]),
  ]);

export const encodePersons = (rows: Iterable<PersonUsage>): string =>
  JSON.stringify([
    RECORD_VERSION,
    ...[...rows].map((row) => [
      row.product,
      row.name,
      row.seatSeconds,
      row.idleSeconds,
      row.granted,
      row.refused,
    ]),
  ]);

/** The rows in a stored text; none where it is of another form. */
export const decodePools = (text: string): readonly PoolUsage[] =>
  readRows(text).map(([product, className, peak, licensed, lent, full, counts, refusals]) => {
    const row = emptyPool(textOf(product), textOf(className));
    row.peak = countOf(peak);
    row.licensed = countOf(licensed);
    row.seatSeconds = countOf(lent);
    row.fullSeconds = countOf(full);
    for (const [i, name] of COUNTED.entries()) row.counts[name] = countOf(listOf(counts)[i]);
    for (const pair of listOf(refusals)) {
      const [number, count] = listOf(pair);
      row.refusals.set(refusalByNumber(countOf(number)), countOf(count));
    }
    return row;
  });

export const decodePersons = (text: string): readonly PersonUsage[] =>
  readRows(text).map(([product, name, lent, idle, granted, refused]) => {
    const row = emptyPerson(textOf(product), textOf(name));
    row.seatSeconds = countOf(lent);
    row.idleSeconds = countOf(idle);
    row.granted = countOf(granted);
    row.refused = countOf(refused);
    return row;
  });

const readRows = (text: string): readonly (readonly unknown[])[] => {
  const [version, ...rows] = listOf(parse(text));
  return version === RECORD_VERSION ? rows.map(listOf) : [];
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const countOf = (value: unknown): number =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0;
