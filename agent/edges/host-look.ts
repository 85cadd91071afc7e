/**
 * Looks at the host again, as cheaply as it can: a few signs tell whether it could have become
 * another one (it slept, it was moved, devices came or went), and only then the whole machine is
 * read. Without a sign that is done once an hour, behind the back of whoever asked.
 */

import { uptime } from 'node:os';
import { timerMs } from '../../protocol/node/clock.ts';
import type { HostVerdict } from '../core/host/host-verdict.ts';

export interface HostLookParts {
  /** Reads the whole machine and judges it. */
  readonly judge: () => Promise<HostVerdict>;
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
  now: timerMs,
  sinceBoot: () => uptime() * 1000,
} as const;

export class HostLook {
  readonly #parts: HostLookParts;
  #verdict: HostVerdict | undefined;
  #signs = '';
  #asleepFor = 0;
  #judgedAt = 0;
  #judging: Promise<HostVerdict> | undefined;

  constructor(parts: HostLookParts) {
    this.#parts = parts;
  }

  /**
   * Reports the verdict as soon as it is certain enough, once; and once more where the hourly look
   * has been taken meanwhile. A machine that cannot be read keeps the verdict it had;
   * only the very first look may reject.
   */
  async look(report: (verdict: HostVerdict) => void): Promise<void> {
    const known = this.#verdict;
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

  #judge(): Promise<HostVerdict> {
    this.#judging ??= this.#judgeOnce().finally(() => {
      this.#judging = undefined;
    });
    return this.#judging;
  }

  async #judgeOnce(): Promise<HostVerdict> {
    // Taken before the look: what changes during it is a sign for the next one.
    const signs = this.#parts.readSigns();
    const asleepFor = this.#sleep();
    const verdict = await this.#parts.judge();
    this.#verdict = verdict;
    this.#signs = signs;
    this.#asleepFor = asleepFor;
    this.#judgedAt = this.#parts.now();
    return verdict;
  }
}
