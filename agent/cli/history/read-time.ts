/** Times as people type them: a day, an instant, or how long ago. */

import { UsherError } from '../../usher-error.ts';

const DAY = 86_400;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: DAY, w: 7 * DAY };

/** Seconds since 1970 of `2027-01-31`, `2027-01-31T12:00` (here) or `90m`, `36h`, `7d` ago. */
export const readTime = (flag: string, text: string, now = Date.now() / 1000): number => {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const length = UNITS[unit];
  if (length !== undefined) return Math.max(0, Math.floor(now - Number(count) * length));
  const isTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/.test(text);
  const time = isTime && isReal(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (time >= 0) return Math.floor(time / 1000);
  throw new UsherError(
    'WRONG_USAGE',
    `--${flag} is a day (2027-01-31), a time (2027-01-31T12:00) or how long ago (90m, 36h, 7d), not "${text.slice(0, 100)}".`,
  );
};

/** The day of UTC, since 1970, of such a time. */
export const readDay = (flag: string, text: string, now = Date.now() / 1000): number =>
  Math.floor(readTime(flag, text, now) / DAY);

/** Whether its month has that day: the 30th of February would be taken for one in March. */
const isReal = (text: string): boolean => {
  const day = text.slice(0, '2027-01-31'.length);
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
};
