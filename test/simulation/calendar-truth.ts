/** How far the calendar of one agent has come, worked out beside its own bookkeeping. */

import { CLOCK_KEY, MARK_STORED_EVERY } from '../../agent/core/wall-guard.ts';
import { Fields } from '../../protocol/fields.ts';
import { unpack } from '../../protocol/msgpack.ts';
import { type EpochSeconds, epochSeconds, type Moment } from '../../protocol/units.ts';
import { Violation } from './world.ts';

export class CalendarTruth {
  #mark = epochSeconds(0);
  #resets = 0;
  /** When the clock was right last. */
  #right: Moment | undefined;
  /** The latest mark that is, or soon will be, on the disk. */
  #stored = epochSeconds(0);

  /** The time by which the agent has to judge. */
  get mark(): EpochSeconds {
    return this.#mark;
  }

  /** The agent starts: its calendar is as far as its disk says. */
  booted(durable: ReadonlyMap<string, Uint8Array>): void {
    this.#mark = epochSeconds(0);
    this.#right = undefined;
    this.#resets = 0;
    for (const [key, value] of durable) if (key.startsWith(CLOCK_KEY)) this.#learn(value);
    this.#stored = this.#mark;
  }

  /** Of two marks the one after more resets is true, whatever it says. */
  #learn(value: Uint8Array): void {
    const { wall, resets } = readMark(value);
    if (resets < this.#resets || (resets === this.#resets && wall < this.#mark)) return;
    this.#mark = wall;
    this.#resets = resets;
  }

  /** The agent looks at the clock of its computer; whether it has come further. */
  see({ mono, wall }: Moment): boolean {
    const before = this.#mark;
    this.#right ??= { mono, wall: before };
    const { mono: start, wall: from } = this.#right;
    // Without the clock time goes on, a little slower.
    const alone = from + Math.floor(((mono - start) * 63) / 64_000);
    if (wall >= alone && wall > from) this.#right = { mono, wall };
    this.#mark = epochSeconds(Math.max(before, wall, alone));
    return this.#mark > before;
  }

  /** An administrator has let that clock be true. */
  reset(wall: EpochSeconds): void {
    this.#mark = wall;
    this.#stored = wall;
    this.#right = undefined;
  }

  /** The agent gives a mark to its disk. */
  stores(value: Uint8Array): void {
    this.#stored = epochSeconds(Math.max(this.#stored, readMark(value).wall));
  }

  /** To be called after a step: how far the calendar came is not forgotten with a restart. */
  check(name: string): void {
    if (this.#mark < this.#stored + MARK_STORED_EVERY) return;
    const detail = `${name}: ${this.#mark} was seen, ${this.#stored} is stored`;
    throw new Violation('the calendar of an agent is not forgotten', detail);
  }
}

const readMark = (value: Uint8Array): { readonly wall: EpochSeconds; readonly resets: number } => {
  const fields = new Fields(unpack(value));
  fields.uint();
  return { wall: epochSeconds(fields.uint()), resets: fields.uint() };
};
