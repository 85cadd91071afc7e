/** The terms of an order beside its seats: versions, allowances, borrowing. Code: WRONG_USAGE. */

import { type AppVersions, compareVersions, parseVersion } from '../../protocol/app-version.ts';
import {
  ANY_RESOURCE,
  type BorrowGrant,
  type Meter,
  type PoolGrant,
} from '../../protocol/license.ts';
import { METERS_MAX, NAME_MAX, SEATS_MAX } from '../../protocol/limits.ts';
import { type Seconds, seconds } from '../../protocol/units.ts';
import { DAY, readCount, readText, wrong } from './order-words.ts';

/** Days in the longest trial and borrowing, ten years: more is a slip of the finger. */
const DAYS_MAX = 3650;
/** What a length is counted in: its name, its seconds, and the most of it. */
const DAYS = ['days', DAY, DAYS_MAX] as const;
const HOURS = ['hours', 3600, 24 * DAYS_MAX] as const;
const UINT32_MAX = 0xffff_ffff;

/** `10..12`, `10..`, `..12` or `12`. */
export const readVersions = (text: string | undefined): AppVersions => {
  if (text === undefined) return { oldest: null, newest: null };
  const [first = '', last = first, ...more] = text.split('..');
  const isRange = more.length === 0 && (first !== '' || last !== '');
  if (!isRange) throw wrong(`--versions is 10..12, 10.., ..12 or 12, not "${text}".`);
  const versions = { oldest: readVersion(first), newest: readVersion(last) };
  if (isEmpty(versions)) throw wrong(`--versions ${text} ends before it begins.`);
  return versions;
};

const readVersion = (text: string): string | null => {
  if (text === '') return null;
  if (text.length > NAME_MAX || parseVersion(text) === undefined) {
    throw wrong(`A version is numbers with dots, such as 12 or 12.3.1, not "${text}".`);
  }
  return text;
};

/** Compared as far as the newest goes: 12.3..12 are the versions from 12.3 to 12.9. */
const isEmpty = ({ oldest, newest }: AppVersions): boolean => {
  const least = parseVersion(oldest ?? '');
  const most = parseVersion(newest ?? '');
  if (least === undefined || most === undefined) return false;
  return compareVersions(least.slice(0, most.length), most) > 0;
};

/** A name, or `any` for one of the administrator's choice. */
export const readResource = (text: string | undefined): string | null => {
  if (text === undefined) return null;
  return text === 'any' ? ANY_RESOURCE : readText('--resource', text, NAME_MAX);
};

/** `NAME=N` each. */
export const readMeters = (texts: readonly string[]): readonly Meter[] => {
  const meters = texts.map((text) => {
    const [, name = '', count = ''] = /^(.*)=(.*)$/.exec(text) ?? [];
    if (name === '') throw wrong(`--meter is NAME=N, not "${text}".`);
    const allowance = readCount(`--meter ${name}`, count, 1, UINT32_MAX);
    return { name: readText('--meter', name, NAME_MAX), allowance };
  });
  if (meters.length > METERS_MAX) throw wrong(`A license has at most ${METERS_MAX} meters.`);
  if (new Set(meters.map((meter) => meter.name)).size < meters.length) {
    throw wrong('Each --meter is named once.');
  }
  return meters;
};

/** `2:7d` or `2:12h`: two seats at a time, each for so long at most. */
export const readBorrow = (
  text: string | undefined,
  pools: readonly PoolGrant[],
): BorrowGrant | null => {
  if (text === undefined) return null;
  const [matched, count = '', length = '', unit] = /^(.*):(.*)([dh])$/.exec(text) ?? [];
  if (matched === undefined) {
    throw wrong(`--borrow is SEATS:DAYS such as 2:7d, or 2:12h for hours, not "${text}".`);
  }
  const seats = readCount('--borrow', count, 1, SEATS_MAX);
  const licensed = pools.reduce((sum, pool) => sum + mostSeats(pool), 0);
  if (seats > licensed) throw wrong(`--borrow ${text} is of more seats than there are.`);
  const [what, size, most] = unit === 'd' ? DAYS : HOURS;
  return { seats, longest: seconds(readCount(`--borrow in ${what}`, length, 1, most) * size) };
};

const mostSeats = ({ seats, overdraft, stages }: PoolGrant): number =>
  Math.max(seats, ...stages.map((stage) => stage.seats)) + overdraft;

/** Days. */
export const readTrial = (text: string | undefined): Seconds | null =>
  text === undefined ? null : seconds(readCount('--trial', text, 1, DAYS_MAX) * DAY);
