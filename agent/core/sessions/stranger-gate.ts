/**
 * How much strangers may cost: offers to who may not be there at all, and public-key operations for
 * who is. What comes sealed in a session that is known is not counted here.
 */

import type { Instant } from '../../../protocol/units.ts';
import { RateLimit } from './rate-limit.ts';

/** Sources remembered in each table. */
const SOURCES = 4096;

/**
 * Offers to addresses that have proven nothing, each and all together. Where such an address is
 * forged, nobody answers for it on the network: the system keeps the offer for some three seconds, and
 * as many as fill its buffer hold up what is said to everybody else. Some 180 do, of the longest.
 */
const ASKERS = {
  ...{ perSecond: 20, burst: 60, sources: SOURCES },
  network: { perSecond: 20, burst: 80 },
  total: { perSecond: 25, burst: 100 },
};

/**
 * Offers and sessions for addresses that have sent a cookie back. A network of IPv6 may be one computer
 * with many addresses, or a whole site that begins its day.
 */
const GUESTS = {
  ...{ perSecond: 200, burst: 1000, sources: SOURCES },
  network: { perSecond: 500, burst: 2000 },
};

/**
 * New sessions: each costs a public-key operation, a tenth of a millisecond, and as long as a burst of
 * them takes those wait who hold seats. So one address has few at once; the rest of its clients say
 * hello again and are let in within seconds.
 */
const ENTRANTS = { ...GUESTS, burst: 200, total: { perSecond: 2000, burst: 4000 } };

/**
 * Cookies that are looked at: each costs two hashes, which is all that a flood of wrong ones needs to
 * keep an agent from those who hold seats. Who is late says hello again.
 */
const CALLERS = {
  ...{ perSecond: 1000, burst: 600, sources: SOURCES },
  network: { perSecond: 2000, burst: 4000 },
  total: { perSecond: 10_000, burst: 4000 },
};

export class StrangerGate {
  readonly #callers = new RateLimit(CALLERS);
  readonly #askers = new RateLimit(ASKERS);
  readonly #guests = new RateLimit(GUESTS);
  readonly #entrants = new RateLimit(ENTRANTS);

  /** Whether who asks from this address is answered. */
  mayAsk(source: string, now: Instant): boolean {
    const gate = this.#entrants.knows(source) ? this.#guests : this.#askers;
    return gate.admits(source, now);
  }

  /** Whether the cookie that comes from this address is looked at. */
  mayCall(source: string, now: Instant): boolean {
    return this.#callers.admits(source, now);
  }

  /** Whether who has sent back a cookie from this address may cost a public-key operation. */
  mayEnter(source: string, now: Instant): boolean {
    // The offer has reached somebody: it is in no buffer any more.
    if (!this.#entrants.knows(source)) this.#askers.giveBack(source);
    return this.#entrants.admits(source, now);
  }
}
