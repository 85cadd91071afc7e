/** What the rules of a site limit, as its administrators mean it. */

import type { Random } from './random.ts';
import { PRODUCT } from './site-ground.ts';
import type { SiteGuest } from './site-guest.ts';
import type { Broken } from './site-promises.ts';

/** As whom somebody asks. */
export interface Person {
  readonly user: string;
  readonly desk: string;
}

export interface SiteLimit {
  readonly text: string;
  readonly most: number;
  /** Under what somebody's seats are counted; `undefined`: not at all. */
  readonly nameOf: (person: Person) => string | undefined;
}

/** What is kept for some: others have so many at most. */
export interface SiteReserve {
  readonly text: string;
  readonly seats: number;
}

/** For whom seats are reserved. */
const BOSS = 'boss';

export const drawReserve = (random: Random, seats: number): SiteReserve | undefined => {
  if (seats < 2 || random.chance(0.5)) return undefined;
  const kept = random.whole(1, seats - 1);
  return { text: `reserve ${kept} ${PRODUCT} for user ${BOSS}-*`, seats: kept };
};

/** Everybody of this crowd is counted together. */
const CROWD = 'crowd';
const USERS = [
  'ann',
  'bob',
  `${CROWD}-1`,
  `${CROWD}-2`,
  `${CROWD}-3`,
  `${BOSS}-1`,
  `${BOSS}-2`,
] as const;
const DESKS = ['north', 'south'] as const;

export const drawLimits = (random: Random, seats: number): readonly SiteLimit[] => {
  const most = random.pick([1, 1, 2, Math.max(1, Math.ceil(seats / 2))]);
  const all: readonly SiteLimit[] = [
    {
      text: `limit ${most} ${PRODUCT} for each user`,
      most,
      nameOf: ({ user }) => user,
    },
    {
      text: `limit ${most + 1} ${PRODUCT} for each host`,
      most: most + 1,
      nameOf: ({ desk }) => desk,
    },
    {
      text: `limit ${most} ${PRODUCT} for user ${CROWD}-*`,
      most,
      nameOf: ({ user }) => (user.startsWith(CROWD) ? CROWD : undefined),
    },
  ];
  return random.chance(0.4) ? [] : all.filter(() => random.chance(0.6));
};

/** Few people, so that they come to their limits. */
export const drawPerson = (random: Random): Person => ({
  user: random.pick(USERS),
  desk: random.pick(DESKS),
});

/** The person of this number: together they fill every limit, and take up all that is reserved. */
export const nextPerson = (
  limits: readonly SiteLimit[],
  reserve: SiteReserve | undefined,
  number: number,
): Person => {
  const least = Math.min(...limits.map(({ most }) => most), Number.MAX_SAFE_INTEGER);
  const who = Math.floor(number / least);
  const desk = `desk-${who}`;
  if (number < (reserve?.seats ?? 0)) return { user: `${BOSS}-${9 + who}`, desk };
  return { user: who === 0 ? `${CROWD}-9` : `user-${who}`, desk };
};

/** `guests`: who believe in a seat now, of so many seats. */
export const judgeReserve = (
  reserve: SiteReserve | undefined,
  guests: readonly SiteGuest[],
  seats: number,
): Broken | undefined => {
  if (reserve === undefined) return undefined;
  const others = guests.filter(({ user }) => !user.startsWith(BOSS));
  const believed = others.reduce((sum, { weight }) => sum + weight, 0);
  if (believed <= seats - reserve.seats) return undefined;
  const detail = `others have ${believed} of ${seats} by "${reserve.text}"`;
  return { invariant: 'a site keeps what is reserved', detail };
};

/** `guests`: who believe in a seat now. */
export const judgeLimits = (
  limits: readonly SiteLimit[],
  guests: readonly SiteGuest[],
): Broken | undefined => {
  for (const { text, most, nameOf } of limits) {
    const counts = new Map<string, number>();
    for (const guest of guests) {
      const name = nameOf(guest);
      if (name === undefined) continue;
      const count = (counts.get(name) ?? 0) + guest.weight;
      counts.set(name, count);
      if (count <= most) continue;
      const detail = `${count} of ${name} by "${text}"`;
      return { invariant: 'a site never has more believers than a rule allows', detail };
    }
  }
  return undefined;
};
