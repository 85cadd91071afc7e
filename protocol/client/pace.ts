/**
 * How fast a session asks, asks again and renews: pure formulas, in milliseconds. `jitter` is a
 * number from 0 to 1 that differs each time (jitter.ts): without it, those whom one event has brought
 * together would come together for ever.
 */

import { type Millis, millis, type Seconds, secondsToMillis } from '../units.ts';

/** Before the next discover: 100, 200, 400, 800, then every 1,000 ms, from the same socket. */
export const discoverAgainAfter = (sent: number): Millis => doubling(100, sent - 1, 1000);

/** The same in a round of looking for a lost seat: crowds may have lost theirs. 1, 2, 4 s. */
export const discoverSparelyAfter = (sent: number): Millis => doubling(1000, sent - 1, 4000);

/** Before further agents are looked for while some are known: 10 to 20 s. */
export const lookAgainAfter = (jitter: number): Millis => millis(10_000 * (1 + jitter));

/** The same while the last agent in whose line it stood is away: 3 to 6 s. */
export const missedAgainAfter = (jitter: number): Millis => millis(3000 * (1 + jitter));

/** Before a request is sent again: 100, 200, 400, then every 800 ms. */
export const askAgainAfter = (attempts: number): Millis => doubling(100, attempts - 1, 800);

/**
 * Before a request that may take its time is sent again: from 500 ms doubling up to 30 s, three
 * quarters to five quarters of that.
 */
export const insistAfter = (attempts: number, jitter: number): Millis =>
  millis(doubling(500, attempts - 1, 30_000) * (0.75 + 0.5 * jitter));

/**
 * Before a seat is renewed: 0.3 to 0.37 of its term. An agent that is silent for half a term comes
 * back before anybody's seat has ended, with time for many more tries.
 */
export const renewAfter = (term: Seconds, jitter: number): Millis =>
  millis(secondsToMillis(term) * (0.3 + 0.07 * jitter));

/** The same where other agents of a site may take the seat over, so that silence is noticed. */
export const renewWatchfullyAfter = (within: Seconds, term: Seconds, jitter: number): Millis =>
  millis(Math.min(secondsToMillis(within) * (0.7 + 0.3 * jitter), renewAfter(term, jitter)));

/**
 * Before an unanswered renewal is tried again: from `least`, else 500 ms, doubling up to a fortieth of the term,
 * three quarters to five quarters of that. Some thirty tries fit into what is left of a term, and ten
 * thousand clients with a term of 600 s send fewer than a thousand a second.
 */
export const renewAgainAfter = (
  unanswered: number,
  term: Seconds,
  jitter: number,
  least = 500,
): Millis =>
  millis(doubling(least, unanswered - 1, secondsToMillis(term) / 40) * (0.75 + 0.5 * jitter));

/** Before a seat that is ending is renewed again: a quarter of what is left, at least 1 s. */
export const renewEndingAfter = (left: Millis): Millis => millis(Math.max(1000, left / 4));

/** Before an agent that has answered with a place in its line is asked again, at least 1 s. */
export const queueAgainAfter = (within: Seconds, jitter: number): Millis =>
  millis(Math.max(1000, secondsToMillis(within) * (0.3 + 0.1 * jitter)));

/** Before that is repeated when no answer came: from 500 ms doubling up to a quarter of the time. */
export const queueInsistAfter = (unanswered: number, within: Seconds): Millis =>
  doubling(500, unanswered - 1, secondsToMillis(within) / 4);

/** Before the next round of looking for a lost seat: up to 5 s, then doubling from 4 up to 60 s. */
export const regainAfter = (rounds: number, jitter: number): Millis =>
  rounds === 0
    ? millis(5000 * jitter)
    : millis(doubling(4000, rounds - 1, 60_000) * (0.5 + jitter / 2));

const doubling = (first: number, times: number, most: number): Millis =>
  millis(Math.max(first, Math.min(most, first * 2 ** Math.min(times, 16))));
