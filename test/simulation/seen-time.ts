/** The time that an agent must have seen, whatever its calendar says now. */

import type { World } from './world.ts';

/** Seconds that a power cut takes of it; while the calendar is behind it is less. */
const MARK_EVERY = 3600 + 60;
/** By so much time may go slower where the calendar does not help. */
const SLOWER = 1 / 64;

export class SeenTime {
  readonly #world: World;
  /** Its calendar, in seconds of the epoch. */
  readonly #wall: () => number;
  #date = 0;
  /** True time of that date; `undefined` while the agent does not run, and sees nothing. */
  #since: number | undefined;

  constructor(world: World, wall: () => number) {
    this.#world = world;
    this.#wall = wall;
  }

  /** The earliest date that the agent may believe in now. */
  get earliest(): number {
    const passed = (this.#world.now - (this.#since ?? this.#world.now)) / 1000;
    return Math.max(this.#date + passed * (1 - SLOWER), this.#wall());
  }

  /** The agent looks at its clock. */
  look(): void {
    this.#date = this.earliest;
    this.#since = this.#world.now;
  }

  /** The power is cut: what passes until it is back nobody sees. */
  crash(): void {
    this.#date = this.earliest - MARK_EVERY;
    this.#since = undefined;
  }

  /** What it goes by from now on was this date: its clock is right, as its disk says. */
  reset(date: number): void {
    this.#date = date;
    this.#since = undefined;
  }

  /** Its data are others. */
  forget(): void {
    this.#date = 0;
  }
}
