/** When to look again. */

import { after, type Instant, type Moment, millis } from '../../protocol/units.ts';

/** The farthest that a change of the calendar is waited for at a time: clocks are set meanwhile. */
const CALENDAR_WAIT_MS = 3_600_000;

/** When to look at the calendar again for a change that it holds. */
export const calendarWake = (
  at: Moment,
  change: Moment['wall'] | undefined,
): Instant | undefined => {
  if (change === undefined) return undefined;
  const wait = Math.max(0, change - at.wall) * 1000;
  return after(at.mono, millis(Math.min(wait, CALENDAR_WAIT_MS)));
};

/** The earlier of two, where there are two. */
export const earlier = (
  one: Instant | undefined,
  other: Instant | undefined,
): Instant | undefined => {
  if (one === undefined) return other;
  return other === undefined || one <= other ? one : other;
};
