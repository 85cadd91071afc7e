/** Licenses of every type drawn at random: sound ones only. */

import fc from 'fast-check';
import { licenseId } from '../../protocol/ids.ts';
import {
  type ActivationTerms,
  type ChildrenTerms,
  CONTAINER_RULES,
  COUNTINGS,
  HOST_RULES,
  type License,
  type PoolGrant,
} from '../../protocol/license.ts';
import { HOST_CODE_MAX } from '../../protocol/limits.ts';
import type { Stage } from '../../protocol/stages.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { anyBytes, anyDate, anyText, anyUint, record } from './arbitrary.ts';

const UINT32_MAX = 0xffff_ffff;

/** Small whole numbers often, so that several of them meet. */
export const anyStage: fc.Arbitrary<Stage> = fc
  .tuple(fc.oneof(fc.nat(20), fc.nat(UINT32_MAX - 1)), fc.option(fc.nat(20)), fc.nat(1_000_000))
  .map(([from, length, seats]) => ({
    from: epochSeconds(from),
    until: length === null ? null : epochSeconds(Math.min(UINT32_MAX, from + 1 + length)),
    seats,
  }));

const anyPool: fc.Arbitrary<PoolGrant> = record({
  class: anyText(1, 64),
  seats: fc.nat(1_000_000),
  overdraft: fc.nat(1_000_000),
  stages: fc.array(anyStage, { maxLength: 4 }),
});

const anyPools = (least: number): fc.Arbitrary<readonly PoolGrant[]> =>
  fc.uniqueArray(anyPool, { minLength: least, maxLength: 32, selector: (pool) => pool.class });

const anyLength = fc.integer({ min: 1, max: UINT32_MAX }).map(seconds);

/** What has to fit the type of a license. */
type Typed = Pick<License, 'type' | 'pools' | 'borrow' | 'hostCode'>;

const anyHostCode = fc.option(fc.uint8Array({ maxLength: HOST_CODE_MAX }));

const anyType: fc.Arbitrary<Typed> = fc.oneof(
  record({
    type: fc.constantFrom('floating' as const, 'named' as const),
    pools: anyPools(1),
    borrow: fc.option(
      record({ seats: fc.integer({ min: 1, max: 1_000_000 }), longest: anyLength }),
    ),
    hostCode: anyHostCode,
  }),
  record({
    type: fc.constant('server' as const),
    pools: fc.constant([]),
    borrow: fc.constant(null),
    hostCode: anyHostCode,
  }),
  record({
    type: fc.constant('standalone' as const),
    pools: fc.constant([]),
    borrow: fc.constant(null),
    hostCode: fc.uint8Array({ maxLength: HOST_CODE_MAX }),
  }),
);

export const anyVersion: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', 'v', 'V'),
    fc.array(fc.oneof(fc.nat(3), fc.nat(999_999_999)), { minLength: 1, maxLength: 6 }),
    fc.constantFrom('', '-beta.2', '+build'),
  )
  .map(([start, parts, end]) => `${start}${parts.join('.')}${end}`)
  .filter((version) => version.length <= 64);

const anyActivationTerms: fc.Arbitrary<ActivationTerms> = record({
  agents: fc.integer({ min: 1, max: 1000 }),
  emergency: fc.option(
    record({ longest: fc.integer({ min: 1, max: 432_000 }).map(seconds), window: anyLength }),
  ),
  refresh: fc.option(record({ every: anyLength, grace: anyUint.map(seconds) })),
  master: fc.option(fc.constantFrom('http://m', 'https://licenses.example.com:24711/usher')),
});

/** What any type of license can say. */
const anyTerms: fc.Arbitrary<Omit<License, 'id' | 'children' | keyof Typed>> = record({
  product: anyText(1, 64),
  customer: anyText(1, 128),
  issued: anyDate,
  starts: anyDate,
  expires: fc.option(anyDate),
  trial: fc.option(anyLength),
  term: fc.integer({ min: 10, max: 86_400 }).map(seconds),
  counting: fc.constantFrom(...COUNTINGS),
  features: fc.array(anyText(1, 64), { maxLength: 64 }),
  versions: record({ oldest: fc.option(anyVersion), newest: fc.option(anyVersion) }),
  maintenance: fc.option(anyDate),
  resource: fc.option(fc.oneof(anyText(1, 64), fc.constant('*'))),
  meters: fc.uniqueArray(record({ name: anyText(1, 64), allowance: anyUint }), {
    maxLength: 32,
    selector: (meter) => meter.name,
  }),
  supersedes: fc.uniqueArray(anyBytes(16).map(licenseId), { maxLength: 32 }),
  activation: fc.option(anyActivationTerms),
  hosts: record({
    virtual: fc.constantFrom(...HOST_RULES),
    container: fc.constantFrom(...CONTAINER_RULES),
    unknown: fc.constantFrom(...HOST_RULES),
  }),
});

const anyChildren: fc.Arbitrary<ChildrenTerms> = record({
  most: fc.integer({ min: 1, max: 1000 }),
  depth: fc.integer({ min: 1, max: 4 }),
});

export const anyLicense: fc.Arbitrary<Omit<License, 'id'>> = fc
  .tuple(anyTerms, anyType, fc.option(anyChildren))
  .map(([terms, type, children]) => {
    const mayHave = type.pools.length > 0 && terms.activation !== null && terms.trial === null;
    return { ...terms, ...type, children: mayHave ? children : null };
  });
