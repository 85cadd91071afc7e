/** The licenses of a seed: every type and every clause, in small numbers, with dates that fall within. */

import { armor } from '../../protocol/armor.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import {
  ANY_RESOURCE,
  GENERIC_CLASS,
  type License,
  type PoolGrant,
} from '../../protocol/license.ts';
import { openLicense, signLicense } from '../../protocol/signed-license.ts';
import type { Stage } from '../../protocol/stages.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../protocol/units.ts';
import { plainLicense, plainPool } from '../plain-license.ts';
import { WALL_START } from './clocks.ts';
import type { Random } from './random.ts';
import { swiftPrimitives } from './swift-primitives.ts';

export interface PlannedLicense {
  readonly id: LicenseId;
  readonly license: License;
  readonly text: string;
}

/** Which clauses the licenses of a seed may have: few at a time, so that each is met in earnest. */
export interface Clauses {
  readonly products: readonly [string, ...string[]];
  /** Milliseconds. */
  readonly term: number;
  /** Seconds from the beginning of the world within which dates fall. */
  readonly span: number;
  readonly counting: readonly [License['counting'], ...License['counting'][]];
  readonly types: readonly [License['type'], ...License['type'][]];
  readonly overdraft: boolean;
  readonly stages: boolean;
  readonly dates: boolean;
  readonly trial: boolean;
  readonly borrow: boolean;
  readonly meters: boolean;
  readonly resources: boolean;
  readonly versions: boolean;
  readonly chains: boolean;
}

export const METER = 'runs';
export const VERSIONS = ['1.5', '2.5', '3.5.1'] as const;
/** A release before and one after the end of every maintenance. */
export const RELEASES: readonly EpochSeconds[] = [1_700_000_000, 1_760_000_000].map(epochSeconds);
const MAINTENANCE = epochSeconds(1_730_000_000);
export const RESOURCES = ['sales', 'projects'] as const;

const VENDOR_SEED = new Uint8Array(32).fill(7);
export const VENDOR_KEYS = swiftPrimitives.signingKeys(VENDOR_SEED);
const LONG_AGO = epochSeconds(1_577_836_800);
const CLASSES = ['developer', 'execution'] as const;
const DAY = 86_400;

export const drawClauses = (
  random: Random,
  given: Pick<Clauses, 'products' | 'term' | 'span'>,
): Clauses => ({
  ...given,
  counting: random.pick([
    ['process'],
    ['process'],
    ['user'],
    ['host'],
    ['process', 'user', 'host'],
  ]),
  types: random.pick([
    ['floating'],
    ['floating'],
    ['floating', 'floating', 'server'],
    ['floating', 'named', 'server', 'standalone'],
    ['named'],
    ['server'],
  ]),
  overdraft: random.chance(0.3),
  stages: random.chance(0.4),
  dates: random.chance(0.3),
  trial: random.chance(0.15),
  borrow: random.chance(0.35),
  meters: random.chance(0.3),
  resources: random.chance(0.2),
  versions: random.chance(0.2),
  chains: random.chance(0.35),
});

/** The licenses of one agent, those that supersede others among them. */
export const drawLicenses = (random: Random, clauses: Clauses): readonly PlannedLicense[] => {
  const planned: PlannedLicense[] = [];
  for (let i = random.pick([1, 1, 2, 3]); i > 0; i--) {
    planned.push(drawLicense(random, clauses, random.pick(clauses.products), undefined));
    while (clauses.chains && random.chance(0.5) && planned.length < 6) {
      const former = planned.at(-1);
      if (former === undefined || former.license.type === 'standalone') break;
      planned.push(drawLicense(random, clauses, former.license.product, former));
    }
  }
  return planned;
};

const drawLicense = (
  random: Random,
  clauses: Clauses,
  product: string,
  former: PlannedLicense | undefined,
): PlannedLicense => {
  const type = former?.license.type ?? random.pick(clauses.types);
  const hasSeats = type === 'floating' || type === 'named';
  const terms: Partial<License> = {
    type,
    product,
    customer: 'Simulated Ltd',
    issued: LONG_AGO,
    ...drawDates(random, clauses, former !== undefined),
    trial: clauses.trial && random.chance(0.5) ? drawSeconds(random, clauses.span) : null,
    // The shorter of two is of another length on purpose.
    term: seconds(random.chance(0.2) ? Math.max(10, clauses.term / 2000) : clauses.term / 1000),
    pools: hasSeats ? drawPools(random, clauses) : [],
    counting: former?.license.counting ?? random.pick(clauses.counting),
    features: type === 'server' ? ['cloud'] : ['core', 'render'],
    ...drawCoverage(random, clauses),
    meters: clauses.meters ? [{ name: METER, allowance: random.whole(3, 40) }] : [],
    borrow: hasSeats && clauses.borrow ? drawBorrow(random) : null,
    supersedes: former === undefined ? [] : [former.id],
    hostCode: type === 'standalone' ? new Uint8Array([1, 1, 0, 1, 2, 3, 4, 5, 6, 7]) : null,
  };
  return sign(plainLicense(terms), random.bytes(16));
};

const sign = (terms: Omit<License, 'id'>, id: Uint8Array): PlannedLicense => {
  const bytes = signLicense(terms, id, VENDOR_KEYS, swiftPrimitives);
  const opened = openLicense(bytes, swiftPrimitives);
  if (!opened.ok) throw new Error(`a planned license cannot be read: ${opened.error}`);
  const { license } = opened.value;
  return { id: license.id, license, text: armor('license', bytes, swiftPrimitives) };
};

const drawSeconds = (random: Random, span: number): Seconds =>
  seconds(Math.ceil(span * random.between(0.1, 1)));

const drawWithin = (random: Random, { span }: Clauses): EpochSeconds =>
  epochSeconds(WALL_START + drawSeconds(random, span));

/** A successor mostly starts while its predecessor's seats are in use. */
const drawDates = (
  random: Random,
  clauses: Clauses,
  isSuccessor: boolean,
): Pick<License, 'starts' | 'expires'> => {
  const isLater = isSuccessor ? random.chance(0.8) : clauses.dates && random.chance(0.3);
  const starts = isLater ? drawWithin(random, clauses) : LONG_AGO;
  if (!clauses.dates || random.chance(0.4)) return { starts, expires: null };
  const end = random.chance(0.4)
    ? WALL_START + random.whole(1, 40) * DAY
    : drawWithin(random, clauses);
  return { starts, expires: epochSeconds(Math.max(starts, end) + 1) };
};

const drawCoverage = (
  random: Random,
  { resources, versions }: Clauses,
): Pick<License, 'resource' | 'versions' | 'maintenance'> => ({
  resource:
    resources && random.chance(0.7) ? random.pick([ANY_RESOURCE, 'Sales', 'projects']) : null,
  versions: {
    oldest: versions && random.chance(0.5) ? '2.0' : null,
    newest: versions && random.chance(0.5) ? '3.5' : null,
  },
  maintenance: versions && random.chance(0.4) ? MAINTENANCE : null,
});

const drawBorrow = (random: Random): License['borrow'] => ({
  seats: random.whole(1, 3),
  longest: seconds(random.pick([60, 300, 900])),
});

const drawPools = (random: Random, clauses: Clauses): readonly PoolGrant[] => {
  const pool = (name: string): PoolGrant => ({
    ...plainPool(random.pick([1, 1, 2, 2, 3, 5]), name),
    overdraft: clauses.overdraft && random.chance(0.6) ? random.whole(1, 2) : 0,
    stages: clauses.stages ? drawStages(random, clauses) : [],
  });
  switch (random.whole(0, 4)) {
    case 0:
      return [pool('developer'), pool(GENERIC_CLASS)];
    case 1:
      return [pool(GENERIC_CLASS), ...CLASSES.map(pool)];
    case 2:
      return CLASSES.map(pool);
    default:
      return [pool(GENERIC_CLASS)];
  }
};

const drawStages = (random: Random, clauses: Clauses): readonly Stage[] =>
  Array.from({ length: random.pick([0, 1, 1, 2]) }, () => {
    const from = drawWithin(random, clauses);
    const until = random.chance(0.6)
      ? epochSeconds(from + 1 + drawSeconds(random, clauses.span / 2))
      : null;
    return { from, until, seats: random.pick([0, 1, 1, 2, 4]) };
  });
