/**
 * Turning the agent's clock back revives no license, and keeps none from ending: wall time never goes
 * below the latest that was seen, and from there it goes on, while the agent runs, whatever the clock
 * says. An administrator whose clock was wrong in the future can take that back, a few times.
 */

import { Fields } from '../../protocol/fields.ts';
import { pack, unpack } from '../../protocol/msgpack.ts';
import { assert, err, ok, type Result } from '../../protocol/result.ts';
import {
  between,
  type EpochSeconds,
  epochSeconds,
  type Instant,
  type Moment,
  type Seconds,
  seconds,
} from '../../protocol/units.ts';
import type { Write } from './write.ts';

export const CLOCK_KEY = 'clock';
export const CLOCK_RESET_KEY = 'clock/reset';
/** Seconds by which the mark on the disk may be behind the one in memory. */
export const MARK_STORED_EVERY = 3600;
/** The same while the clock is behind: a restart would find nothing that says how late it is. */
const BEHIND_STORED_EVERY = 60;
/** By this share time that goes on without the clock is slower, so that a small correction is made up for. */
const SLOWER = 1 / 64;
/** Seconds by which a clock may be set back and nobody is told. */
export const CLOCK_TOLERANCE = 600;
/** Resets in the life of a store; more only after the vendor has issued another license. */
export const CLOCK_RESETS_MAX = 3;

/** The first one knew of no leaps. */
const RECORD_VERSION = 2;

export type ClockResetFault =
  /** The clock is not behind the mark: there is nothing to reset. */
  | 'not-behind'
  /** The clock is still wrong: it is before the day on which the newest license was issued. */
  | 'before-license'
  /** Every reset has been used; one more comes with the next license that the vendor issues. */
  | 'no-resets-left';

export interface ClockReset {
  /** Commit them, then `apply` them. */
  readonly writes: readonly Write[];
  /** What the store should have when the commit fails. */
  readonly onFailure: readonly Write[];
}

/** A mark, and how many resets had been made when it was set. */
interface Mark {
  readonly wall: EpochSeconds;
  readonly resets: number;
  /** Seconds that the clock has leapt ahead since, or was ahead when the agent started. */
  readonly leapt: number;
}

const NO_MARK: Mark = { wall: epochSeconds(0), resets: 0, leapt: 0 };

export class WallGuard {
  /** The latest wall time since the last reset, and the resets in the life of the store. */
  #mark = NO_MARK;
  /** The one that was given to be stored last. */
  #stored: Mark | undefined;
  #lastReset: Mark | undefined;
  /** When the clock was right last: time goes on from there. */
  #since: Moment | undefined;
  #isBehind = false;

  /** The wall time to judge licenses by: that of the clock, or the latest that was seen, and on. */
  guard({ mono, wall }: Moment): EpochSeconds {
    this.#since ??= { mono, wall: this.#mark.wall };
    const gone = goneOn(this.#since, mono);
    // Once a second: every step comes here.
    if (wall >= gone && wall > this.#since.wall) {
      this.#leap(this.#since, { mono, wall });
      this.#since = { mono, wall };
    }
    const judged = epochSeconds(Math.max(wall, gone, this.#mark.wall));
    if (judged > this.#mark.wall) this.#mark = { ...this.#mark, wall: judged };
    this.#isBehind = this.behind(wall) > 0;
    return judged;
  }

  #leap(since: Moment, { mono, wall }: Moment): void {
    const leap = Math.floor(wall - since.wall - between(since.mono, mono) / 1000);
    if (since.wall === 0 || leap <= CLOCK_TOLERANCE) return;
    this.#mark = { ...this.#mark, leapt: Math.min(LAST_DATE, this.#mark.leapt + leap) };
  }

  /** Seconds of the time that was seen since, in which the agent did not run or the clock leapt. */
  get leapt(): Seconds {
    return seconds(this.#mark.leapt);
  }

  /** Something begins of which only the leaps from now on are to be known. */
  forgetLeaps(): void {
    this.#mark = { ...this.#mark, leapt: 0 };
    this.#stored = undefined;
  }

  /** The latest time that was seen. */
  get latest(): EpochSeconds {
    return this.#mark.wall;
  }

  /** How far `wall` is behind the latest that was seen; zero for a small correction. */
  behind(wall: EpochSeconds): Seconds {
    const distance = this.#mark.wall - wall;
    return seconds(distance > CLOCK_TOLERANCE ? distance : 0);
  }

  /** Whether the mark is to be stored now. */
  due(): boolean {
    const every = this.#isBehind ? BEHIND_STORED_EVERY : MARK_STORED_EVERY;
    return this.#stored === undefined || this.#mark.wall >= this.#stored.wall + every;
  }

  /** Stores the mark. To be repeated until it is on the disk. */
  write(): Write {
    this.#stored = this.#mark;
    return writeOf(CLOCK_KEY, this.#mark);
  }

  /**
   * Plans to let `wall`, which is behind, be true. `newestIssued`: when the newest license was issued
   * that this agent holds; zero where it holds none.
   */
  reset(wall: EpochSeconds, newestIssued: EpochSeconds): Result<ClockReset, ClockResetFault> {
    if (this.behind(wall) === 0) return err('not-behind');
    if (wall < newestIssued) return err('before-license');
    const { resets } = this.#mark;
    const last = this.#lastReset;
    const issuedSince = last !== undefined && newestIssued > last.wall;
    if (resets >= CLOCK_RESETS_MAX && !issuedSince) return err('no-resets-left');
    const former = last && writeOf(CLOCK_RESET_KEY, last);
    return ok({
      writes: [writeOf(CLOCK_RESET_KEY, { wall, resets: resets + 1, leapt: 0 })],
      onFailure: [former ?? { key: CLOCK_RESET_KEY, value: null }],
    });
  }

  /** Makes a planned reset true: its writes are on the disk. */
  apply(writes: readonly Write[]): void {
    for (const { key, value } of writes) {
      const applied = value !== null && key === CLOCK_RESET_KEY && this.restore(key, value);
      assert(applied, 'a clock was to apply what is no reset of it');
    }
  }

  /** Takes up a stored record, in whatever order they come, or answers `false` where it is none. */
  restore(key: string, value: Uint8Array): boolean {
    const fields = new Fields(unpack(value));
    const version = fields.uint();
    const wall = epochSeconds(fields.uint());
    const resets = fields.uint();
    const mark: Mark = { wall, resets, leapt: version === 1 ? 0 : fields.uint() };
    const ownKey = key === CLOCK_KEY || key === CLOCK_RESET_KEY;
    const isKnown = version === 1 || version === RECORD_VERSION;
    if (!fields.complete || !isKnown || !ownKey) return false;
    if (key === CLOCK_RESET_KEY) this.#lastReset = mark;
    // A mark from before a reset may reach the disk after it: it does not undo it.
    if (isLater(mark, this.#mark)) {
      this.#mark = mark;
      this.#stored = mark;
      this.#since = undefined;
    }
    return true;
  }
}

const goneOn = (since: Moment, mono: Instant): EpochSeconds => {
  const passed = between(since.mono, mono);
  // Mostly, and with less to compute.
  if (passed < 1000) return since.wall;
  const gone = Math.floor((passed * (1 - SLOWER)) / 1000);
  return epochSeconds(Math.min(LAST_DATE, since.wall + gone));
};

const LAST_DATE = 0xffff_ffff;

const isLater = (left: Mark, right: Mark): boolean =>
  left.resets > right.resets || (left.resets === right.resets && left.wall >= right.wall);

const writeOf = (key: string, { wall, resets, leapt }: Mark): Write => ({
  key,
  value: pack([RECORD_VERSION, wall, resets, leapt]),
});
