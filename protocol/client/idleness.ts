/** How long the application was not used, as it says; the session's clock counts on. */

import { type Instant, instant, type Seconds, seconds, secondsToMillis } from '../units.ts';

const SECONDS_MAX = 0xffff_ffff;

export class Idleness {
  /** When the application was last used; `undefined` when it never says. */
  #usedAt: Instant | undefined;

  report(idle: Seconds, now: Instant): void {
    this.#usedAt = instant(now - secondsToMillis(idle));
  }

  /** Whole seconds since the last use, zero when the application never says. */
  at(now: Instant): Seconds {
    const since = Math.floor((now - (this.#usedAt ?? now)) / 1000);
    return seconds(Math.min(SECONDS_MAX, Math.max(0, since)));
  }
}
