/** What a seed means: each draws its own sizes, licenses, speeds and mixture of faults. */

import { DRIFT_MAX, type Drift } from './clocks.ts';
import type { DiskFaults } from './disk.ts';
import {
  type Clauses,
  drawClauses,
  drawLicenses,
  type PlannedLicense,
  VENDOR_KEYS,
} from './licenses.ts';
import type { Delay, LinkFaults } from './network.ts';
import type { Random } from './random.ts';

/** How often each fault comes, as the mean time between two in milliseconds; 0 for never. */
export interface Rhythm {
  readonly cut: number;
  readonly crash: number;
  readonly diskFailure: number;
  readonly sleep: number;
  readonly stall: number;
  readonly wallStep: number;
  readonly roam: number;
  /** An application is killed, whatever it does. */
  readonly kill: number;
  /** What people do with a seat that they have. */
  readonly fidget: number;
  readonly replay: number;
  readonly operation: number;
  /** Looking through the seats for one that should have come back. */
  readonly audit: number;
}

export interface PlannedAgent {
  readonly licenses: readonly PlannedLicense[];
  /** Sessions without a lease; in some seeds so few that the agent is busy. */
  readonly idleSessionsMax: number;
}

export interface Plan {
  readonly vendorKey: Uint8Array;
  readonly clauses: Clauses;
  readonly agents: readonly PlannedAgent[];
  /** Applications on each client host. */
  readonly clients: readonly number[];
  /** Users who work at all of them. */
  readonly users: readonly [string, ...string[]];
  readonly taste: number;
  /** Administrators write rules. */
  readonly isRuled: boolean;
  /** The longest term of any license, in milliseconds. */
  readonly term: number;
  readonly patience: number;
  /** Mean time that an application works with its seat, and is away, in milliseconds. */
  readonly work: number;
  readonly away: number;
  /** The share of work that ends in a crash of the application. */
  readonly crashes: number;
  /** The share of seats whose computer leaves the network as soon as it has one. */
  readonly undocked: number;
  /** The share of searches that stand in line. */
  readonly patient: number;
  /** The share of work that is done without the application being used. */
  readonly idling: number;
  /** The farthest that a calendar is ever off, in seconds. */
  readonly calendarError: number;
  readonly link: LinkFaults;
  readonly disk: DiskFaults;
  readonly drift: Drift;
  readonly rhythm: Rhythm;
  /** How long the faults last, in milliseconds. */
  readonly chaos: number;
}

type Users = Plan['users'];
const USERS: readonly [Users, ...Users[]] = [
  ['ada'],
  ['ada', 'Bob'],
  ['ada', 'Bob', 'cleo', 'dan'],
];

const DAY = 86_400;
/**
 * A borrowed seat is believed by the borrower's calendar and counted by the agent's. The margin of
 * `borrowDeadline` is an hour for both together: four times this error, which each may have before
 * and after, is less.
 */
const BORROW_CALENDAR_ERROR = 850;

const drawDelay = (random: Random): Delay => {
  const most = random.pick([1, 5, 50, 400, 2500, 2500]);
  return { least: random.chance(0.5) ? 0.8 * most : 0.05, most };
};

const drawLink = (random: Random, term: number): LinkFaults => ({
  loss: random.chance(0.7) ? random.between(0, 0.3) : 0,
  duplication: random.chance(0.6) ? random.between(0, 0.3) : 0,
  there: drawDelay(random),
  back: drawDelay(random),
  detour: random.pick([100, 3000, 20_000, 90_000]),
  detourChance: random.chance(0.6) ? random.between(0, 0.1) : 0,
  lastWords: random.chance(0.4) ? random.between(0, 0.04) : 0,
  silence: { least: 0.5 * term, most: 1.5 * term },
});

const drawRhythm = (random: Random): Rhythm => {
  const sometimes = (least: number, most: number): number =>
    random.chance(0.6) ? random.between(least, most) : 0;
  return {
    cut: sometimes(2000, 30_000),
    crash: sometimes(5000, 60_000),
    diskFailure: sometimes(10_000, 60_000),
    sleep: sometimes(10_000, 60_000),
    stall: sometimes(10_000, 60_000),
    wallStep: sometimes(5000, 60_000),
    roam: sometimes(5000, 30_000),
    kill: sometimes(5000, 30_000),
    fidget: random.between(1000, 6000),
    replay: sometimes(200, 2000),
    operation: sometimes(2000, 20_000),
    audit: random.between(3000, 10_000),
  };
};

/** Draws the world of a seed. */
export const drawPlan = (random: Random): Plan => {
  const term = 1000 * random.pick([10, 10, 12, 20, 30, 60]);
  const chaos = random.pick([4, 6, 9]) * Math.min(term, 20_000);
  const products = random.chance(0.85)
    ? (['acme-cad'] as const)
    : (['acme-cad', 'acme-sim'] as const);
  const clauses = drawClauses(random, { products, term, span: chaos / 1000 });
  return {
    vendorKey: VENDOR_KEYS.publicKey,
    clauses,
    agents: Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => ({
      licenses: drawLicenses(random, clauses),
      idleSessionsMax: random.chance(0.1) ? random.whole(1, 4) : 1000,
    })),
    clients: Array.from({ length: random.whole(1, 5) }, () => random.pick([1, 1, 2, 3])),
    users: random.pick(USERS),
    taste: random.whole(0, 5),
    isRuled: random.chance(0.4),
    term,
    ...drawHabits(random, term),
    calendarError: clauses.borrow ? BORROW_CALENDAR_ERROR : 30 * DAY,
    link: drawLink(random, term),
    disk: {
      sync: random.pick([1, 5, 50]),
      slowSync: random.pick([50, 1000, 15_000]),
      slowness: random.pick([0.05, 0.05, 0.5]),
    },
    drift: {
      rate: random.chance(0.7) ? DRIFT_MAX : 0,
      late: random.pick([1, 20, 200]),
      veryLate: random.pick([200, 2000]),
      slow: random.pick(['any', 'any', 'clients', 'agents']),
    },
    rhythm: drawRhythm(random),
    chaos,
  };
};

type Habits = Pick<
  Plan,
  'patience' | 'work' | 'away' | 'crashes' | 'undocked' | 'patient' | 'idling'
>;

const drawHabits = (random: Random, term: number): Habits => ({
  patience: random.pick([4000, 6000, 10_000]),
  work: term * random.pick([0.3, 1, 3]),
  away: random.pick([500, 3000, term]),
  crashes: random.pick([0, 0.2, 0.6]),
  undocked: random.pick([0, 0.1, 0.4, 0.7]),
  patient: random.pick([0, 0.5, 1]),
  idling: random.pick([0, 0, 0.5]),
});
