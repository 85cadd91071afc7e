/** One timer for one deadline. */

import type { Instant } from '../units.ts';

/** Node fires at once for a delay above 2³¹−1 ms, so longer ones are taken in steps. */
const LONGEST_DELAY_MS = 2_000_000_000;

export class DeadlineTimer {
  readonly #now: () => Instant;
  readonly #onDue: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => Instant, onDue: () => void) {
    this.#now = now;
    this.#onDue = onDue;
  }

  /** Calls back once at `deadline` or soon after; replaces the deadline set before. */
  set(deadline: Instant): void {
    clearTimeout(this.#timer);
    const delay = Math.max(0, deadline - this.#now());
    if (delay > LONGEST_DELAY_MS) {
      this.#timer = setTimeout(() => this.set(deadline), LONGEST_DELAY_MS);
    } else {
      // Rounded up: a timer that fires early would find nothing due and be armed again.
      this.#timer = setTimeout(this.#onDue, Math.ceil(delay));
    }
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
