/** A clock whose hands can be put: real time runs on from where they were put last. */

import type { Clock } from '../../protocol/node/clock.ts';
import { epochSeconds, instant } from '../../protocol/units.ts';

export class VirtualClock implements Clock {
  #offset = 0;
  #frozenAt: number | undefined = 0;

  readonly now: Clock['now'] = () => ({
    mono: instant(this.#frozenAt ?? performance.now() + this.#offset),
    wall: epochSeconds(Math.floor(Date.now() / 1000)),
  });

  /** Stands still at `milliseconds`. */
  freeze(milliseconds: number): void {
    this.#frozenAt = milliseconds;
  }

  /** Runs on from `milliseconds`. */
  runFrom(milliseconds: number): void {
    this.#frozenAt = undefined;
    this.#offset = milliseconds - performance.now();
  }
}
