/** The two clocks of one simulated host, and when it sleeps. */

import { epochSeconds, type Instant, instant, type Moment } from '../../protocol/units.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Half of what the margin of lease-time.ts covers: one host may be slow by it, the other fast. */
export const DRIFT_MAX = 1 / 512;

/** Wall time at the beginning of every world: 2026-06-01. */
export const WALL_START = 1_780_272_000;

export interface Drift {
  /** Most that the monotonic clock gains or loses, as a share. */
  readonly rate: number;
  /** How late a timer may fire, in milliseconds, mostly and seldom. */
  readonly late: number;
  readonly veryLate: number;
  /** Whose clocks are all slow, while those of the others are all fast. */
  readonly slow: 'any' | 'clients' | 'agents';
}

export type Side = 'clients' | 'agents';

export class HostClock {
  readonly #offset: number;
  readonly #rate: number;
  #wallOffset: number;

  constructor(random: Random, drift: Drift, side: Side) {
    // Extremes on purpose: between them nothing can go wrong that does not go wrong at them.
    const drawn = random.pick([-1, -1, 1, 1, 0, random.between(-1, 1)] as const);
    const share = drift.slow === 'any' ? drawn : drift.slow === side ? -1 : 1;
    this.#rate = 1 + share * drift.rate;
    this.#offset = random.between(0, 1e9);
    this.#wallOffset = random.between(-5, 5);
  }

  mono(now: number): Instant {
    return instant(this.#offset + now * this.#rate);
  }

  /** The true time at which the monotonic clock shows `mono`. */
  trueTime(mono: Instant): number {
    return (mono - this.#offset) / this.#rate;
  }

  /** The true time at which the calendar shows a date, as it is set now. */
  trueTimeOfWall(date: number): number {
    return (date - WALL_START - this.#wallOffset) * 1000;
  }

  /** The true length of a length on this clock. */
  trueLength(length: number): number {
    return length / this.#rate;
  }

  moment(now: number): Moment {
    const wall = Math.floor(WALL_START + now / 1000 + this.#wallOffset);
    return { mono: this.mono(now), wall: epochSeconds(Math.max(0, wall)) };
  }

  /** Somebody sets the date, never farther off than `most`; the monotonic clock does not care. */
  stepWall(byS: number, most: number): void {
    this.#wallOffset = Math.min(most, Math.max(-most, this.#wallOffset + byS));
  }

  /** Somebody sets it right. */
  mendWall(): void {
    this.#wallOffset = 0;
  }
}

/** Part of what arrives while a host sleeps waits in its network card; the rest is gone. */
const KEPT_ASLEEP = 0.3;

export class Host {
  readonly name: string;
  readonly clock: HostClock;
  readonly #world: World;
  readonly #random: Random;
  readonly #drift: Drift;
  /** What comes to pass as soon as the host is awake, in any order. */
  #deferred: (() => void)[] = [];
  #wakesAt = 0;

  constructor(name: string, side: Side, world: World, random: Random, drift: Drift) {
    this.name = name;
    this.#world = world;
    this.#random = random;
    this.#drift = drift;
    this.clock = new HostClock(random, drift, side);
  }

  get isAsleep(): boolean {
    return this.#world.now < this.#wakesAt;
  }

  moment(): Moment {
    return this.clock.moment(this.#world.now);
  }

  mono(): Instant {
    return this.clock.mono(this.#world.now);
  }

  /** Suspended: no timer fires and nothing is heard, but all clocks go on. */
  sleep(length: number): void {
    this.#wakesAt = Math.max(this.#wakesAt, this.#world.now + length);
    this.#world.note(`${this.name} falls asleep for ${Math.round(length)} ms`);
    this.#world.in(length, () => this.#catchUp());
  }

  wakeUp(): void {
    this.#wakesAt = this.#world.now;
    this.#catchUp();
  }

  #catchUp(): void {
    if (this.isAsleep) return;
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const run of deferred) this.#when(this.#world.now + this.#random.between(0, 5), run);
  }

  /** Calls back at `deadline` on this host's clock or a little later, never earlier. */
  setTimer(deadline: Instant, run: () => void): void {
    const { late, veryLate } = this.#drift;
    const most = this.#random.chance(0.02) ? veryLate : late;
    this.#when(this.clock.trueTime(deadline) + this.#random.between(0.01, most), run);
  }

  #when(time: number, run: () => void): void {
    this.#world.at(time, () => {
      if (this.isAsleep) this.#deferred.push(run);
      else run();
    });
  }

  /** Passes on what waits for a process that was stopped, and is not lost. */
  receiveLate(run: () => void): void {
    if (this.isAsleep) this.#deferred.push(run);
    else run();
  }

  /** Passes on what arrived, now or after sleep. */
  receive(run: () => void): void {
    if (!this.isAsleep) run();
    else if (this.#random.chance(KEPT_ASLEEP)) this.#deferred.push(run);
  }
}
