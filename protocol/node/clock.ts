/** The two clocks of this computer. */

import { uptime } from 'node:os';
import { hrtime } from 'node:process';
import { type EpochSeconds, epochSeconds, type Instant, instant, type Moment } from '../units.ts';

export interface Clock {
  readonly now: () => Moment;
}

/**
 * Milliseconds on a timer that no one sets; only distances mean something. Node's `performance.now`
 * says the same, but first loads a part of Node that takes three milliseconds of a start.
 */
export const timerMs = (): number => {
  const [whole, nanoseconds] = hrtime();
  return whole * 1000 + nanoseconds / 1e6;
};

/** A clock before 1970 or after 2106 is wrong anyway; the nearest date that fits says so best. */
const wallTime = (): EpochSeconds =>
  epochSeconds(Math.min(0xffff_ffff, Math.max(0, Math.floor(Date.now() / 1000))));

/** Between a look at the uptime and one at the timer; a longer gap than this was a suspend. */
const NOISE_MS = 500;

/**
 * A clock whose `mono` counts suspended time. Node's own monotonic timer stands still while a laptop
 * sleeps (Linux CLOCK_MONOTONIC), the uptime does not (CLOCK_BOOTTIME, GetTickCount64), so growth of
 * the distance between the two is sleep. The uptime costs a file read on Linux: where a clock
 * is asked for every datagram, `checkEvery` (milliseconds) spaces those looks out; being late then
 * only makes leases longer, so it suits the agent and never the client.
 */
export const createSystemClock = ({
  checkEvery = 0,
}: {
  readonly checkEvery?: number;
} = {}): Clock => {
  let distance = uptime() * 1000 - timerMs();
  let suspended = 0;
  let lastCheck = Number.NEGATIVE_INFINITY;
  const mono = (): Instant => {
    const timer = timerMs();
    if (timer - lastCheck >= checkEvery) {
      lastCheck = timer;
      const grown = uptime() * 1000 - timer - distance;
      if (grown > NOISE_MS) {
        suspended += grown;
        distance += grown;
      }
    }
    return instant(timer + suspended);
  };
  return { now: () => ({ mono: mono(), wall: wallTime() }) };
};
