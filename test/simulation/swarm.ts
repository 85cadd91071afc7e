/** What a seed means: each draws its own sizes, licenses, speeds and mixture of faults. */

import { armor } from '../../protocol/armor.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { GENERIC_CLASS, type License, type PoolGrant } from '../../protocol/license.ts';
import { openLicense, signLicense } from '../../protocol/signed-license.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { plainLicense, plainPool } from '../plain-license.ts';
import { DRIFT_MAX, type Drift, WALL_START } from './clocks.ts';
import type { DiskFaults } from './disk.ts';
import type { Delay, LinkFaults } from './network.ts';
import type { Random } from './random.ts';
import { swiftPrimitives } from './swift-primitives.ts';

export interface PlannedLicense {
  readonly id: LicenseId;
  readonly license: License;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** How often each fault comes, as the mean time between two in milliseconds; 0 for never. */
export interface Rhythm {
  readonly cut: number;
  readonly crash: number;
  readonly diskFailure: number;
  readonly sleep: number;
  readonly stall: number;
  readonly wallStep: number;
  readonly roam: number;
  readonly replay: number;
  readonly operation: number;
  /** Looking through the seats for one that should have come back. */
  readonly audit: number;
}

export interface Plan {
  readonly vendorKey: Uint8Array;
  readonly products: readonly [string, ...string[]];
  /** One list of licenses for each agent. */
  readonly agents: readonly (readonly PlannedLicense[])[];
  /** Applications on each client host. */
  readonly clients: readonly number[];
  readonly classes: readonly [string | null, ...(string | null)[]];
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
  readonly link: LinkFaults;
  readonly disk: DiskFaults;
  readonly drift: Drift;
  readonly rhythm: Rhythm;
  /** How long the faults last, in milliseconds. */
  readonly chaos: number;
}

const CLASSES = ['developer', 'execution'] as const;

type Wishes = Plan['classes'];
const WISHES: readonly [Wishes, ...Wishes[]] = [
  [null],
  ['developer', null],
  ['developer', 'execution', GENERIC_CLASS, null],
];

const drawPools = (random: Random): readonly PoolGrant[] => {
  const seats = (): number => random.whole(1, 3);
  const generic = plainPool(seats());
  switch (random.whole(0, 3)) {
    case 0:
      return [plainPool(seats(), 'developer'), generic];
    case 1:
      return [generic, ...CLASSES.map((name) => plainPool(seats(), name))];
    case 2:
      return CLASSES.map((name) => plainPool(seats(), name));
    default:
      return [generic];
  }
};

const drawLicense = (random: Random, term: number, product: string): PlannedLicense => {
  const idBytes = random.bytes(16);
  const license = plainLicense({
    product,
    customer: 'Simulated Ltd',
    issued: epochSeconds(1_577_836_800),
    starts: epochSeconds(1_577_836_800),
    expires: random.chance(0.15) ? epochSeconds(WALL_START + random.whole(1, 40) * 86_400) : null,
    term: seconds(term / 1000),
    pools: drawPools(random),
    features: ['core', 'render'],
  });
  const keys = swiftPrimitives.signingKeys(VENDOR_SEED);
  const bytes = signLicense(license, idBytes, keys, swiftPrimitives);
  const opened = openLicense(bytes, swiftPrimitives);
  if (!opened.ok) throw new Error(`a planned license cannot be read: ${opened.error}`);
  const text = armor('license', bytes, swiftPrimitives);
  return { id: opened.value.license.id, license: opened.value.license, bytes, text };
};

const VENDOR_SEED = new Uint8Array(32).fill(7);

const drawDelay = (random: Random): Delay => {
  const most = random.pick([1, 1, 5, 50, 400, 2500]);
  return { least: random.chance(0.5) ? 0.8 * most : 0.05, most };
};

const drawLink = (random: Random): LinkFaults => ({
  loss: random.chance(0.7) ? random.between(0, 0.3) : 0,
  duplication: random.chance(0.6) ? random.between(0, 0.3) : 0,
  there: drawDelay(random),
  back: drawDelay(random),
  detour: random.pick([100, 3000, 20_000, 90_000]),
  detourChance: random.chance(0.6) ? random.between(0, 0.1) : 0,
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
    replay: sometimes(200, 2000),
    operation: sometimes(2000, 20_000),
    audit: random.between(3000, 10_000),
  };
};

/** Draws the world of a seed. */
export const drawPlan = (random: Random): Plan => {
  const term = 1000 * random.pick([10, 10, 12, 20, 30, 60]);
  const products = ['acme-cad'] as const;
  const agents = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () =>
    Array.from({ length: random.pick([1, 1, 2, 3]) }, () => drawLicense(random, term, products[0])),
  );
  return {
    vendorKey: swiftPrimitives.signingKeys(VENDOR_SEED).publicKey,
    products,
    agents,
    clients: Array.from({ length: random.whole(1, 5) }, () => random.pick([1, 1, 2, 3])),
    classes: random.pick(WISHES),
    term,
    patience: random.pick([4000, 6000, 10_000]),
    work: term * random.pick([0.3, 1, 3]),
    away: random.pick([500, 3000, term]),
    crashes: random.pick([0, 0.2, 0.6]),
    undocked: random.pick([0, 0, 0.1, 0.4]),
    link: drawLink(random),
    disk: { sync: random.pick([1, 5, 50]), slowSync: random.pick([50, 1000, 15_000]) },
    drift: {
      rate: random.chance(0.7) ? DRIFT_MAX : 0,
      late: random.pick([1, 20, 200]),
      veryLate: random.pick([200, 2000]),
    },
    rhythm: drawRhythm(random),
    chaos: random.pick([4, 8, 12]) * Math.min(term, 30_000),
  };
};
