/**
 * Whether the master's clock can be believed. Dates decide here which license is over and which
 * place is free again: with a clock that is wrong by a year it would end activations that are good,
 * or give a place away that is taken. So it answers nobody until the clock is right again, or a
 * person has said that it is; agents go on as if it could not be reached.
 */

import { between, type EpochSeconds, type Moment } from '../../../protocol/units.ts';

/** Seconds by which a clock may be set while the master runs, or stand back at its start. */
const SET_MAX = 86_400;

export interface ClockLimits {
  /** The date that was written down last; zero for none. */
  readonly seen: EpochSeconds;
  /** Seconds for which a master may have been away; `null` for any. */
  readonly away: number | null;
}

export class ClockWatch {
  readonly #limits: ClockLimits;
  /** The last moment that was believed. */
  #base: Moment | undefined;

  constructor(limits: ClockLimits) {
    this.#limits = limits;
  }

  /** Why the clock is not believed, in one sentence; `undefined` where it is. */
  look(moment: Moment): string | undefined {
    const doubt = this.#base === undefined ? this.#first(moment) : this.#later(this.#base, moment);
    if (doubt === undefined) this.#base = moment;
    return doubt;
  }

  /** A person says that the clock is right. */
  confirm(moment: Moment): void {
    this.#base = moment;
  }

  #first({ wall }: Moment): string | undefined {
    const { seen, away } = this.#limits;
    if (seen === 0) return undefined;
    if (wall + SET_MAX < seen) return say(seen - wall, 'behind the last date that it wrote down');
    if (away !== null && wall - seen > away)
      return say(wall - seen, 'ahead of the last date that it wrote down');
    return undefined;
  }

  #later(base: Moment, { mono, wall }: Moment): string | undefined {
    const expected = base.wall + between(base.mono, mono) / 1000;
    const ahead = wall - expected;
    if (ahead > SET_MAX) return say(ahead, 'ahead of where it should be');
    return -ahead > SET_MAX ? say(-ahead, 'behind where it should be') : undefined;
  }
}

const say = (seconds: number, where: string): string =>
  `The master's clock is ${Math.floor(seconds / 86_400)} days ${where}.`;
