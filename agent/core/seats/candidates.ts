/** Which licenses could lend a seat for a wish, were one free. */

import { refuseFeatures, refuseResource, refuseVersion } from '../../../protocol/coverage.ts';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import type { AllocationParts, Bid } from './bid.ts';
import type { Taking } from './borrow-terms.ts';
import type { LicenseExplained } from './explanation.ts';
import { poolsForClass, type SeatPool } from './seat-pool.ts';

export interface Candidates {
  /** Licenses with seats that cover the wish. */
  readonly lending: readonly ShelvedLicense[];
  /** Licenses of type `server` that switch features on. */
  readonly servers: readonly ShelvedLicense[];
  /** Where no license of the product has seats: the users' count of one without a limit. */
  readonly unlimited: SeatPool | undefined;
  /** Why none lends, of several licenses' reasons the one that says most. */
  readonly refusal: RefusalCode;
}

/** Reasons in the order in which they say most: of several licenses' refusals the last one is told. */
const TELLING: readonly RefusalCode[] = [
  'no-license',
  'license-superseded',
  'license-expired',
  'trial-ended',
  'license-pending',
  'license-invalid',
  'license-revoked',
  'license-returned',
  'not-activated',
  'activation-ended',
  'license-suspended',
  'unknown-host',
  'container-host',
  'virtual-host',
  'wrong-host',
  'standalone-only',
  'site-child',
  'resource-needed',
  'no-resource',
  'version-needed',
  'no-maintenance',
  'no-version',
  'no-feature',
  'no-class',
  'not-assigned',
  'borrow-forbidden',
  'borrow-too-long',
  'borrow-limit',
];

export const findCandidates = (parts: AllocationParts, bid: Bid): Candidates => {
  const licenses = parts.shelf.ofProduct(bid.wish.product);
  const { servers, switchedOn, counted } = sortLicenses(parts, licenses, bid);
  const lending: ShelvedLicense[] = [];
  let refusal: RefusalCode = 'no-license';
  const tell = (code: RefusalCode): void => {
    if (TELLING.indexOf(code) > TELLING.indexOf(refusal)) refusal = code;
  };
  for (const one of counted) {
    const code = refuseLicense(parts, one, bid) ?? refuseSeats(parts, one, bid, switchedOn);
    if (code === undefined) lending.push(one);
    else tell(code);
  }
  if (counted.length > 0) return { lending, servers, unlimited: undefined, refusal };
  const [unlimited] = servers.filter(
    ({ license }) => refuseFeatures(license, switchedOn, bid.wish) === undefined,
  );
  if (servers.length > 0) tell('no-feature');
  for (const one of licenses) tell(refuseLicense(parts, one, bid) ?? 'no-license');
  return { lending: [], servers, unlimited: unlimited?.pools[0], refusal };
};

/** Each license of the product, and why it lends nothing for the wish, free seats or not. */
export const judgeLicenses = (parts: AllocationParts, bid: Bid): readonly LicenseExplained[] => {
  const licenses = parts.shelf.ofProduct(bid.wish.product);
  const { switchedOn, counted } = sortLicenses(parts, licenses, bid);
  return licenses.map((one) => {
    const refusal =
      refuseLicense(parts, one, bid) ??
      (counted.includes(one)
        ? refuseSeats(parts, one, bid, switchedOn)
        : counted.length === 0
          ? refuseFeatures(one.license, switchedOn, bid.wish)
          : undefined);
    const { state } = parts.judge.standing(one, bid.wall, bid.host);
    const { id, type } = one.license;
    return { id, type, state, refusal: refusal ?? null };
  });
};

/** Licenses of type `server` that hold, what they switch on, and the licenses that count seats. */
const sortLicenses = (
  parts: AllocationParts,
  licenses: readonly ShelvedLicense[],
  bid: Bid,
): Sorted => {
  const isServer = ({ license }: ShelvedLicense): boolean => license.type === 'server';
  const servers = licenses.filter(
    (one) => isServer(one) && refuseLicense(parts, one, bid) === undefined,
  );
  const switchedOn = new Set(servers.flatMap(({ license }) => license.features));
  return { servers, switchedOn, counted: licenses.filter((one) => !isServer(one)) };
};

interface Sorted {
  readonly servers: readonly ShelvedLicense[];
  readonly switchedOn: ReadonlySet<string>;
  readonly counted: readonly ShelvedLicense[];
}

/** Why a license says nothing for a wish, whatever its seats. */
const refuseLicense = (
  { judge, resources }: AllocationParts,
  shelved: ShelvedLicense,
  { wish, wall, host }: Bid,
): RefusalCode | undefined => {
  const { license } = shelved;
  return (
    judge.standing(shelved, wall, host).refusal ??
    (license.type === 'standalone' ? 'standalone-only' : undefined) ??
    refuseResource(license, resources.resourceOf(license.id)?.name, wish) ??
    refuseVersion(license, wish)
  );
};

const refuseSeats = (
  { roster, shelf, judge, terms }: AllocationParts,
  shelved: ShelvedLicense,
  { wish, wall }: Bid,
  switchedOn: ReadonlySet<string>,
): RefusalCode | undefined => {
  const { license } = shelved;
  const feature = refuseFeatures(license, switchedOn, wish);
  if (feature !== undefined) return feature;
  if (poolsForClass(shelved.pools, wish.class).length === 0) return 'no-class';
  if (license.type === 'named') {
    const className = wish.class ?? GENERIC_CLASS;
    const seats = namedSeats({ shelf, judge }, license.product, className, wall);
    const isAssigned = roster.isAssigned(license.product, className, wish.holder.user, seats);
    if (!isAssigned) return 'not-assigned';
  }
  const taking = takingOf(wish, wall);
  return taking === undefined ? undefined : terms.refuseLicense(shelved, taking);
};

/** The seats of a wish that are to be taken along, if they are. */
export const takingOf = ({ weight, borrow }: SeatWish, wall: EpochSeconds): Taking | undefined =>
  borrow === undefined ? undefined : { seats: weight, wall, until: wall + borrow, isNew: true };

/**
 * Users that may be assigned to a class of a product: what its named licenses that are in force now
 * grant together.
 */
export const namedSeats = (
  { shelf, judge }: Pick<AllocationParts, 'shelf' | 'judge'>,
  product: string,
  className: string,
  wall: EpochSeconds,
): number =>
  shelf
    .ofProduct(product)
    .filter((one) => one.license.type === 'named' && judge.renewalRefusal(one, wall) === undefined)
    .flatMap(({ pools }) => pools)
    .reduce((sum, pool) => sum + (pool.class === className ? pool.licensed : 0), 0);
