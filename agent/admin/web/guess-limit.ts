/** Guessing costs time: few tries of a password, then one in a while, by address and in all. */

import { instant } from '../../../protocol/units.ts';
import { RateLimit } from '../../core/sessions/rate-limit.ts';

const BY_ADDRESS = { perSecond: 1 / 10, burst: 8, sources: 1024 } as const;
/** A password costs a good part of a processor's second to check. */
const IN_ALL = { perSecond: 1, burst: 24, sources: 1 } as const;

export class GuessLimit {
  readonly #now: () => number;
  readonly #byAddress = new RateLimit(BY_ADDRESS);
  readonly #inAll = new RateLimit(IN_ALL);

  /** `now` in milliseconds; only differences count. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether somebody at this address may try now. */
  admits(address: string): boolean {
    const now = instant(this.#now());
    return this.#byAddress.admits(address, now) && this.#inAll.admits('', now);
  }
}
