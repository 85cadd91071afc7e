/**
 * When a lease ends, as each side counts it. The client starts from the moment it sent the request,
 * the agent from the moment it received it, and the agent adds a margin for clocks that run at
 * different speeds. So whatever the network does, the client stops believing first.
 */

import {
  after,
  type EpochSeconds,
  type Instant,
  type Millis,
  type Moment,
  millis,
  type Seconds,
  secondsToMillis,
} from './units.ts';

/** Fixed part of the margin: the coarseness of timers on both sides. */
const MARGIN_BASE_MS = 1000;
/** Relative part, 1/256 = 3,906 ppm: quartz is within 100 ppm, clock discipline adds at most 500. */
const MARGIN_SHARE = 256;

export const driftMargin = (term: Seconds): Millis =>
  millis(MARGIN_BASE_MS + secondsToMillis(term) / MARGIN_SHARE);

/** The client believes in its seat before this instant. `sentAt`: the request's first sending. */
export const clientDeadline = (sentAt: Instant, term: Seconds): Instant =>
  after(sentAt, secondsToMillis(term));

/** The agent counts the seat as taken until this instant. */
export const agentDeadline = (receivedAt: Instant, term: Seconds): Instant =>
  after(receivedAt, millis(secondsToMillis(term) + driftMargin(term)));

/**
 * How much longer than its token the agent counts a borrowed seat: the token is checked against the
 * borrower's calendar, which may be wrong by an hour and drifts like any clock.
 */
const BORROW_MARGIN_SECONDS = 3600;

/** The agent counts a borrowed seat until this instant. */
export const borrowDeadline = (
  at: Moment,
  { from, until }: { readonly from: EpochSeconds; readonly until: EpochSeconds },
): Instant => {
  const margin = BORROW_MARGIN_SECONDS + (until - from) / MARGIN_SHARE;
  return after(at.mono, millis(Math.max(0, until - at.wall + margin) * 1000));
};
