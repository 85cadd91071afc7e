/** How fast a session asks, asks again and renews: pure formulas, all in milliseconds. */

import { type Millis, millis, type Seconds, secondsToMillis } from '../units.ts';

/** Before the next discover: 100, 200, 400, 800, then every 1,000 ms, from the same socket. */
export const discoverAgainAfter = (sent: number): Millis => doubling(100, sent - 1, 1000);

/** Before a request is sent again: 100, 200, 400, then every 800 ms. */
export const askAgainAfter = (attempts: number): Millis => doubling(100, attempts - 1, 800);

/**
 * Before a seat is renewed: 0.3 to 0.37 of its term. `spread`, 0 to 1, differs between clients, so
 * that those who came together do not renew together for ever.
 */
export const renewAfter = (term: Seconds, spread: number): Millis =>
  millis(secondsToMillis(term) * (0.3 + 0.07 * spread));

/** Before an unanswered renewal is tried again: from 500 ms doubling up to a twelfth of the term. */
export const renewAgainAfter = (unanswered: number, term: Seconds): Millis =>
  doubling(500, unanswered - 1, secondsToMillis(term) / 12);

const doubling = (first: number, times: number, most: number): Millis =>
  millis(Math.min(most, first * 2 ** Math.min(times, 16)));
