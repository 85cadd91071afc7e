/** Looks after the licenses when nobody asks: refreshes them daily, tells of ends, keeps the marks. */

import {
  after,
  type EpochSeconds,
  type Instant,
  type Moment,
  millis,
} from '../../../protocol/units.ts';
import type { ActivationDesk } from '../activation/activation-desk.ts';
import type { ActivationLedger } from '../activation/activation-ledger.ts';
import type { MasterCalls } from '../activation/master-calls.ts';
import type { ChildWord } from '../children/child-word.ts';
import type { Situation } from '../situation.ts';
import type { EndingWatch } from './ending-watch.ts';
import type { LicenseJudge } from './license-judge.ts';
import { noticeOf } from './license-standing.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** An agent that starts asks soon; not at once, as many start together. */
const FIRST = 2 * MINUTE;
const EVERY = 24 * HOUR;
/** Where an activation nears its end, or a master did not answer. */
const AGAIN = HOUR;

export interface LicenseClerkParts {
  /** Random bytes, never the same twice. */
  readonly seed: Uint8Array;
  readonly judge: LicenseJudge;
  readonly activations: ActivationLedger;
  readonly activationDesk: ActivationDesk;
  readonly calls: MasterCalls;
  readonly endings: EndingWatch;
  readonly words: ChildWord;
}

export class LicenseClerk {
  readonly #parts: LicenseClerkParts;
  /** What of the ledger was looked at last. */
  #seen = -1;
  #wasSilent = false;
  #due: Instant | undefined;
  #last: Instant | undefined;

  constructor(parts: LicenseClerkParts) {
    this.#parts = parts;
  }

  /** When masters are asked next. */
  get due(): Instant | undefined {
    return this.#due;
  }

  /** When there may be something to tell. */
  get nextDate(): EpochSeconds | undefined {
    return this.#parts.endings.next;
  }

  /** Whether there may be something to do: a few comparisons, as this is asked in every step. */
  isDue(at: Moment): boolean {
    const { activations, words } = this.#parts;
    const isTime = this.#due !== undefined && at.mono >= this.#due;
    return isTime || words.isNews(at.wall) || activations.hasMarks || this.#isNews(at);
  }

  #isNews({ wall }: Moment): boolean {
    const { activations, calls, endings } = this.#parts;
    const { next } = endings;
    return (
      this.#seen !== activations.revision ||
      this.#wasSilent !== calls.isSilent ||
      (next !== undefined && wall >= next)
    );
  }

  /** Does what is due. */
  keep(situation: Situation): void {
    const { activations, activationDesk, endings, calls, words } = this.#parts;
    const { at, effects } = situation;
    const marks = activations.takeMarks();
    if (marks !== undefined) effects.push({ kind: 'keep-marks', marks });
    if (this.#isNews(at)) {
      this.#seen = activations.revision;
      this.#wasSilent = calls.isSilent;
      endings.tell(at.wall, effects);
      this.#plan(situation);
    }
    // A parent waits for it, and counts the seats until then.
    if (words.isNews(at.wall)) this.#due = at.mono;
    if (this.#due === undefined || at.mono < this.#due) return;
    this.#last = at.mono;
    activationDesk.refreshByItself(situation);
    this.#plan(situation);
  }

  #plan({ at }: Situation): void {
    const { activationDesk, calls, judge } = this.#parts;
    const licenses = activationDesk.refreshable();
    if (licenses.length === 0) {
      this.#due = undefined;
      return;
    }
    const isUrgent =
      calls.isSilent ||
      licenses.some((one) => {
        const active = judge.activation(one, at.wall);
        if (active === undefined || active.ends === null) return false;
        const { until } = active.signed.activation;
        return at.wall >= noticeOf(active, until ?? active.ends);
      });
    const every = isUrgent ? AGAIN : EVERY;
    this.#due =
      this.#last === undefined
        ? (this.#due ?? after(at.mono, millis(FIRST + this.#jitter(8 * MINUTE))))
        : after(this.#last, millis(every + this.#jitter(every / 12)));
  }

  /** Up to so many milliseconds, always the same until the agent starts again. */
  #jitter(most: number): number {
    const [one = 0, other = 0] = this.#parts.seed;
    return Math.floor(((one * 256 + other) / 65_536) * most);
  }
}
