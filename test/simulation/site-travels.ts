/**
 * Seats of a site that are taken along: believed in without any agent, and given back to the member that
 * has lent them or to another. At no time more than the license allows.
 */

import { decodeLoan } from '../../agent/core/site/loan-record.ts';
import { BORROWED_PREFIX, POOL_PREFIX } from '../../agent/core/site/site-keys.ts';
import { makeHostCode } from '../../protocol/host-code.ts';
import { seconds } from '../../protocol/units.ts';
import type { AgentHost } from './agent-host.ts';
import { Luggage } from './luggage.ts';
import type { Random } from './random.ts';
import type { SiteGuest, Taken } from './site-guest.ts';
import type { Broken } from './site-promises.ts';
import { borrowedOf } from './site-promises.ts';
import type { SiteRegister } from './site-register.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import type { World } from './world.ts';

/** Longer than any of them is away, in seconds, with the margin of calendars. */
export const TRAVELS_END = 600 + 3600 + 60;

const HOST_CODE = makeHostCode([{ kind: 'machine-id', value: 'travel' }], swiftPrimitives.sha512);

interface Away {
  readonly luggage: Luggage;
  readonly weight: number;
}

export class SiteTravels {
  readonly #world: World;
  readonly #random: Random;
  readonly #members: readonly AgentHost[];
  #away: readonly Away[] = [];
  #isPeace = false;

  constructor(world: World, random: Random, members: readonly AgentHost[]) {
    this.#world = world;
    this.#random = random;
    this.#members = members;
  }

  /** Seats that are believed in by tokens now. */
  get believed(): number {
    return this.#away
      .filter(({ luggage }) => luggage.belief() !== undefined)
      .reduce((sum, { weight }) => sum + weight, 0);
  }

  /** Whether everybody has given back what he had. */
  get isOver(): boolean {
    return this.#away.every(({ luggage }) => luggage.isDone || luggage.belief() === undefined);
  }

  /** Somebody asks for his seat to be taken along. */
  pack(guest: SiteGuest): void {
    const duration = seconds(this.#random.pick([20, 60, 120, 600]));
    guest.pack(duration, HOST_CODE, (taken) => this.#take(guest, taken));
  }

  #take(guest: SiteGuest, taken: Taken): void {
    const [world, random] = [this.#world, this.#random];
    const { packed, client } = taken;
    // Who gives it back may not find the member that has lent it.
    const isLost = random.chance(0.4);
    const member = isLost ? random.pick(this.#members) : undefined;
    const luggage = new Luggage(client, packed, member?.publicKey);
    this.#away = [...this.#away, { luggage, weight: guest.weight }];
    if (this.#isPeace) return luggage.giveBack();
    if (random.chance(0.6)) world.in(random.between(100, 90_000), () => luggage.giveBack());
    if (random.chance(0.4)) {
      world.in(random.between(100, 60_000), () => luggage.prolong(seconds(random.pick([30, 300]))));
    }
  }

  /** From now on everything is given back at once; `isPatient`: or ends with its time. */
  rest(isPatient: boolean): void {
    this.#isPeace = true;
    for (const { luggage } of this.#away) {
      if (!isPatient || this.#random.chance(0.5)) luggage.giveBack();
    }
  }

  /** What is borrowed of each pool is what the records of all loans say. */
  judge(register: SiteRegister): Broken | undefined {
    let recorded = 0;
    for (const key of register.keys(BORROWED_PREFIX)) {
      const value = register.get(key);
      const parts = (value && decodeLoan(value))?.parts ?? [];
      recorded += parts.reduce((sum, { seats }) => sum + seats, 0);
    }
    const shared = sharedAsBorrowed(register);
    if (shared === recorded) return undefined;
    const detail = `${shared} of the pool, ${recorded} by their records`;
    return { invariant: 'every borrowed seat has a record', detail };
  }
}

/** Seats of all pools that are borrowed. */
export const sharedAsBorrowed = (register: SiteRegister): number =>
  [...register.keys(POOL_PREFIX)].reduce((sum, key) => sum + borrowedOf(register.get(key)), 0);
