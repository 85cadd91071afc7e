/**
 * Looks at the host again, as cheaply as it can: a few signs tell whether it could have become
 * another one (it slept, it was moved, devices came or went), and only then the whole machine is
 * read. Without a sign that is done once an hour, behind the back of whoever asked.
 */

import { uptime } from 'node:os';
import type { HostVerdict } from '../core/host/host-verdict.ts';

/** What a look at the host has shown. */
export interface HostSeen {
  readonly verdict: HostVerdict;
  /** Its plain host code. */
  readonly code: Uint8Array;
}

export interface HostLookParts {
  /** Reads the whole machine and judges it. */
  readonly judge: () => Promise<HostSeen>;
  /** A text that changes when the host could have; under a millisecond. */
  readonly readSigns: () => string;
  /** Milliseconds on a clock that stands still while the host sleeps. */
  readonly now: () => number;
  /** Milliseconds since the host was started, its sleep included. */
  readonly sinceBoot: () => number;
}

const FULL_EVERY_MS = 3_600_000;
/** Between two reads of two clocks; what is more was a sleep. */
const NOISE_MS = 2_000;

export const systemLookClocks = {
  now: () => performance.now(),
  sinceBoot: () => uptime() * 1000,
} as const;

export class HostLook {
  readonly #parts: HostLookParts;
  #seen: HostSeen | undefined;
  #signs = '';
  #asleepFor = 0;
  #judgedAt = 0;
  #judging: Promise<HostSeen> | undefined;

  constructor(parts: HostLookParts) {
    this.#parts = parts;
  }

  /**
   * Reports what it has seen as soon as that is certain enough, once; and once more where the hourly
   * look has been taken meanwhile. A machine that cannot be read is reported as it was; only the very
   * first look may reject.
   */
  async look(report: (seen: HostSeen) => void): Promise<void> {
    const known = this.#seen;
    if (known === undefined) return report(await this.#judge());
    if (this.#couldHaveChanged()) return report(await this.#judge().catch(() => known));
    report(known);
    if (this.#parts.now() - this.#judgedAt < FULL_EVERY_MS) return;
    report(await this.#judge().catch(() => known));
  }

  #couldHaveChanged(): boolean {
    const slept = Math.abs(this.#sleep() - this.#asleepFor) > NOISE_MS;
    return slept || this.#parts.readSigns() !== this.#signs;
  }

  #sleep(): number {
    return this.#parts.sinceBoot() - this.#parts.now();
  }

  #judge(): Promise<HostSeen> {
    this.#judging ??= this.#judgeOnce().finally(() => {
      this.#judging = undefined;
    });
    return this.#judging;
  }

  async #judgeOnce(): Promise<HostSeen> {
    // Taken before the look: what changes during it is a sign for the next one.
    const signs = this.#parts.readSigns();
    const asleepFor = this.#sleep();
    const seen = await this.#parts.judge();
    this.#seen = seen;
    this.#signs = signs;
    this.#asleepFor = asleepFor;
    this.#judgedAt = this.#parts.now();
    return seen;
  }
}
