/** One timer for one deadline. */

import type { Instant } from '../units.ts';

/** Node fires at once for a delay above 2³¹−1 ms, so longer ones are taken in steps. */
const LONGEST_DELAY_MS = 2_000_000_000;

export interface DeadlineTimerOptions {
  /** The clock that deadlines are of. */
  readonly now: () => Instant;
  readonly onDue: () => void;
  /**
   * Look at the clock at least this often, in milliseconds: Node's timers stand still while a
   * computer sleeps, and who may not be late after it must look by itself.
   */
  readonly lookEvery?: number;
}

export class DeadlineTimer {
  readonly #options: DeadlineTimerOptions;
  #timer: NodeJS.Timeout | undefined;
  #holds = true;

  constructor(options: DeadlineTimerOptions) {
    this.#options = options;
  }

  /** Calls back once at `deadline` or soon after; replaces the deadline set before. */
  set(deadline: Instant): void {
    clearTimeout(this.#timer);
    const { now, onDue, lookEvery = LONGEST_DELAY_MS } = this.#options;
    const delay = Math.max(0, deadline - now());
    // Rounded up: a timer that fires early would find nothing due and be armed again.
    this.#timer =
      delay > lookEvery
        ? setTimeout(() => this.set(deadline), lookEvery)
        : setTimeout(onDue, Math.ceil(delay));
    if (!this.#holds) this.#timer.unref();
  }

  /** Whether the waiting timer keeps the process from ending; it does at first. */
  hold(on: boolean): void {
    this.#holds = on;
    if (on) this.#timer?.ref();
    else this.#timer?.unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
