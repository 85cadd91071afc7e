/**
 * The times of a site. The register measures none: a member counts from before it asked to be heard,
 * by its own clock; the others count from when they have heard what was written last, by theirs. So
 * a member always stops first, whatever the register, its leader and the calendars do; only the rates
 * of clocks matter, and the margin covers them.
 */

import { driftMargin } from '../../../protocol/lease-time.ts';
import {
  after,
  type Instant,
  instant,
  type Millis,
  millis,
  type Seconds,
  secondsToMillis,
} from '../../../protocol/units.ts';

/** How often a member writes that it lives, and reads what the others have written. */
export const BEAT: Millis = millis(500);
/** After so long without such a word a member is found dead. It grants for so long without answer. */
const ALIVE_MS = 2000;
/** So much longer it renews what it has lent: nobody lends its seats before that has ended, too. */
const GRACE_MS = 10_000;
/** Clocks are coarse by this, in milliseconds, and their rates differ by this share. */
const MARGIN_MS = 50;
const MARGIN_SHARE = 256;

/** Before this instant a member may grant; it was heard by what it asked at `askedAt`. */
export const grantsUntil = (askedAt: Instant): Instant => shortly(askedAt, ALIVE_MS);

/** From this instant on nobody grants who has not read what was answered at `heardAt`. */
export const grantsEnd = (heardAt: Instant): Instant => after(heardAt, millis(ALIVE_MS));

/** Before this instant it may renew. */
export const renewsUntil = (askedAt: Instant): Instant => shortly(askedAt, ALIVE_MS + GRACE_MS);

const shortly = (from: Instant, length: number): Instant =>
  instant(from + length - MARGIN_MS - length / MARGIN_SHARE);

/** From this instant on a member is dead that has written nothing since it was heard of. */
export const deadFrom = (heardAt: Instant): Instant => after(heardAt, millis(ALIVE_MS));

/**
 * From this instant on nobody believes in a seat that a dead one lent, for `longest` at most. It was
 * dead at `heardAt`, or before.
 */
export const goneFrom = (heardAt: Instant, longest: Seconds): Instant => {
  const length = GRACE_MS + secondsToMillis(longest) + driftMargin(longest);
  return after(heardAt, millis(length));
};

/**
 * From this instant on nobody believes in a seat that anybody lent, for `longest` at most, who was not
 * heard any more from `seenAt` on.
 */
export const endedFrom = (seenAt: Instant, longest: Seconds): Instant =>
  goneFrom(after(seenAt, millis(ALIVE_MS)), longest);
