/** The license as a fixed-order array, and back: protocol/README.md, section "License". */

import { parseVersion } from './app-version.ts';
import { Fields } from './fields.ts';
import { licenseId, licenseIdToBytes } from './ids.ts';
import {
  type ActivationTerms,
  type BorrowGrant,
  type ChildrenTerms,
  CONTAINER_RULES,
  COUNTINGS,
  HOST_RULES,
  isMasterUrl,
  LICENSE_TYPES,
  type License,
  type Meter,
  type PoolGrant,
} from './license.ts';
import {
  AGENTS_MAX,
  CHILDREN_DEPTH_MAX,
  CHILDREN_MAX,
  EMERGENCY_MAX,
  FEATURES_MAX,
  HOST_CODE_MAX,
  LICENSE_ID_SIZE,
  METERS_MAX,
  NAME_MAX,
  POOLS_MAX,
  SEATS_MAX,
  STAGES_MAX,
  SUPERSEDES_MAX,
  TERM_MAX,
  TERM_MIN,
  TEXT_MAX,
  URL_MAX,
} from './limits.ts';
import { unpack, type Value } from './msgpack.ts';
import type { Stage } from './stages.ts';
import { epochSeconds, type Seconds, seconds } from './units.ts';

/** A choice's code on the wire is its place in its list; lists are append-only. */
export const licenseToValue = (license: License, id: Uint8Array): Value => [
  id,
  LICENSE_TYPES.indexOf(license.type),
  license.product,
  license.customer,
  license.issued,
  license.starts,
  license.expires,
  license.trial,
  license.term,
  license.pools.map(poolToValue),
  COUNTINGS.indexOf(license.counting),
  license.features,
  [license.versions.oldest, license.versions.newest],
  license.maintenance,
  license.resource,
  license.meters.map(({ name, allowance }) => [name, allowance]),
  license.borrow === null ? null : [license.borrow.seats, license.borrow.longest],
  license.supersedes.map(licenseIdToBytes),
  license.activation === null ? null : activationToValue(license.activation),
  [
    HOST_RULES.indexOf(license.hosts.virtual),
    CONTAINER_RULES.indexOf(license.hosts.container),
    HOST_RULES.indexOf(license.hosts.unknown),
  ],
  license.hostCode,
  ...(license.children === null ? [] : [childrenToValue(license.children)]),
];

/** The format version of a license: what needs none of the second has the first, for all to read. */
export const licenseVersion = ({ children }: Pick<License, 'children'>): 1 | 2 =>
  children === null ? 1 : 2;

export const childrenToValue = ({ most, depth }: ChildrenTerms): Value => [most, depth];

const activationToValue = ({ agents, emergency, refresh, master }: ActivationTerms): Value => [
  agents,
  emergency === null ? null : [emergency.longest, emergency.window],
  refresh === null ? null : [refresh.every, refresh.grace],
  master,
];

const poolToValue = (pool: PoolGrant): Value => [
  pool.class,
  pool.seats,
  pool.overdraft,
  pool.stages.map(({ from, until, seats }) => [from, until, seats]),
];

const readChoice = <T>(fields: Fields, choices: readonly [T, ...T[]]): T =>
  choices[fields.uint(choices.length - 1)] ?? choices[0];

const readTerm = (fields: Fields): Seconds => seconds(fields.uint(TERM_MAX, TERM_MIN));

const readName = (fields: Fields): string => fields.text(NAME_MAX, 1);

const readDate = (fields: Fields) => epochSeconds(fields.uint());

const readLength = (fields: Fields): Seconds => seconds(fields.uint(0xffff_ffff, 1));

export const readStage = (fields: Fields): Stage =>
  fields.exactly((stage) => ({
    from: readDate(stage),
    until: stage.optional(readDate),
    seats: stage.uint(SEATS_MAX),
  }));

const readPool = (fields: Fields): PoolGrant =>
  fields.exactly((pool) => ({
    class: readName(pool),
    seats: pool.uint(SEATS_MAX),
    overdraft: pool.uint(SEATS_MAX),
    stages: pool.list(STAGES_MAX, readStage),
  }));

const readMeter = (fields: Fields): Meter =>
  fields.exactly((meter) => ({ name: readName(meter), allowance: meter.uint() }));

const readBorrow = (fields: Fields): BorrowGrant =>
  fields.exactly((borrow) => ({ seats: borrow.uint(SEATS_MAX, 1), longest: readLength(borrow) }));

const readActivation = (fields: Fields): ActivationTerms =>
  fields.exactly((terms) => ({
    agents: terms.uint(AGENTS_MAX, 1),
    emergency: terms.optional((field) =>
      field.exactly((emergency) => ({
        longest: seconds(emergency.uint(EMERGENCY_MAX, 1)),
        window: readLength(emergency),
      })),
    ),
    refresh: terms.optional((field) =>
      field.exactly((refresh) => ({ every: readLength(refresh), grace: seconds(refresh.uint()) })),
    ),
    master: terms.optional((field) => field.text(URL_MAX, 1)),
  }));

export const readChildren = (fields: Fields): ChildrenTerms =>
  fields.exactly((terms) => ({
    most: terms.uint(CHILDREN_MAX, 1),
    depth: terms.uint(CHILDREN_DEPTH_MAX, 1),
  }));

const readHosts = (fields: Fields): License['hosts'] =>
  fields.exactly((hosts) => ({
    virtual: readChoice(hosts, HOST_RULES),
    container: readChoice(hosts, CONTAINER_RULES),
    unknown: readChoice(hosts, HOST_RULES),
  }));

/** The license in a payload, or `undefined` where a field is missing, too many or out of range. */
export const parseLicense = (payload: Uint8Array, version: number): License | undefined => {
  const fields = new Fields(unpack(payload));
  const license: License = {
    id: licenseId(fields.bytes(LICENSE_ID_SIZE)),
    type: readChoice(fields, LICENSE_TYPES),
    product: readName(fields),
    customer: fields.text(TEXT_MAX, 1),
    issued: readDate(fields),
    starts: readDate(fields),
    expires: fields.optional(readDate),
    trial: fields.optional(readLength),
    term: readTerm(fields),
    pools: fields.list(POOLS_MAX, readPool),
    counting: readChoice(fields, COUNTINGS),
    features: fields.list(FEATURES_MAX, readName),
    versions: fields.exactly((range) => ({
      oldest: range.optional(readName),
      newest: range.optional(readName),
    })),
    maintenance: fields.optional(readDate),
    resource: fields.optional(readName),
    meters: fields.list(METERS_MAX, readMeter),
    borrow: fields.optional(readBorrow),
    supersedes: fields.list(SUPERSEDES_MAX, (field) => licenseId(field.bytes(LICENSE_ID_SIZE))),
    activation: fields.optional(readActivation),
    hosts: readHosts(fields),
    hostCode: fields.optional((field) => field.bytesUpTo(HOST_CODE_MAX)),
    children: version === 1 ? null : readChildren(fields),
  };
  return fields.complete && isSound(license) ? license : undefined;
};

const areDistinct = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** What the fields must say together. */
const isSound = (license: License): boolean => {
  const { id, type, pools, versions, hostCode, meters, borrow, supersedes, activation } = license;
  const hasSeats = type === 'floating' || type === 'named';
  if (hasSeats !== pools.length > 0) return false;
  if (borrow !== null && !hasSeats) return false;
  if (!areDistinct(supersedes) || supersedes.includes(id)) return false;
  if (type === 'standalone' && hostCode === null) return false;
  if (!areDistinct(pools.map((pool) => pool.class))) return false;
  if (activation?.master != null && !isMasterUrl(activation.master)) return false;
  // A child's chain begins with the agent that the license is activated for.
  if (license.children !== null && (!hasSeats || activation === null || license.trial !== null))
    return false;
  if (!areDistinct(meters.map((meter) => meter.name))) return false;
  if (pools.some(({ stages }) => stages.some(({ from, until }) => until !== null && until <= from)))
    return false;
  return [versions.oldest, versions.newest].every(
    (version) => version === null || parseVersion(version) !== undefined,
  );
};
