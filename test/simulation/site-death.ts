/** One member of a site dies in peace: how long it takes until each of its guests is renewed elsewhere. */

import { memberIdOf } from '../../agent/core/site/site-keys.ts';
import { seconds } from '../../protocol/units.ts';
import { CALM, Network } from './network.ts';
import { Random } from './random.ts';
import { signShared } from './site-ground.ts';
import { foundMember, meetGuest } from './site-people.ts';
import { SiteRegister } from './site-register.ts';
import { World } from './world.ts';

const MEMBERS = 3;
const SEATS = 30;
const TERM = 600;
const EVENTS_MAX = 200_000;
/** Longer than the death of a member takes, and than all deaths of a second. */
const WATCH_MS = 10_000;

export interface Failover {
  /** For each guest of the dead member: milliseconds until another had granted its seat. */
  readonly times: readonly number[];
  /** Guests that nobody had a seat for any more. */
  readonly lost: number;
}

export const killOne = (seed: number): Failover => {
  const world = new World(EVENTS_MAX);
  const random = new Random(seed);
  const network = new Network(world, random.fork(), CALM);
  const calm = { loss: 0, slow: 20, verySlow: 60, slowness: 0.02 };
  const register = new SiteRegister(world, random.fork(), calm);
  const license = signShared(random, SEATS, seconds(TERM));
  const disk = { sync: 5, slowSync: 20, slowness: 0.05 };
  const drift = { rate: 1 / 1024, late: 5, veryLate: 20, slow: 'any' } as const;
  const ground = { world, random, network, register, license, rules: '', disk, drift };
  const members = Array.from({ length: MEMBERS }, (_, i) => foundMember(ground, i));
  for (const member of members) member.boot();
  world.runUntil(5000);
  // Every seat is lent: what the dead one had lent is nowhere else to be had.
  const guests = Array.from({ length: SEATS }, (_, i) => {
    return meetGuest(ground, i + 1, { weight: 1, isPatient: true, onBelief: () => {} });
  });
  for (const guest of guests) world.in(random.between(0, 5000), () => guest.come());
  world.runUntil(20_000 + random.between(0, 1000));
  const dead = members[0];
  if (dead === undefined) throw new Error('nobody dies');
  const id = memberIdOf(dead.publicKey);
  const orphans = guests.filter((guest) => guest.believes && guest.member === id);
  dead.crash(1e9);
  const diedAt = world.now;
  const times: number[] = [];
  const left = new Set(orphans);
  while (world.now < diedAt + WATCH_MS) {
    world.runUntil(world.now + 5);
    for (const guest of left) {
      if (guest.member === id) continue;
      left.delete(guest);
      times.push(world.now - diedAt);
    }
  }
  return { times, lost: orphans.filter((one) => one.member === id || !one.believes).length };
};
