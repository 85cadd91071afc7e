/** Whether a license covers what an application wants, apart from whether a seat is free. */

import { coversVersion } from './app-version.ts';
import { foldCase } from './fold-case.ts';
import { ANY_RESOURCE, type License } from './license.ts';
import type { RefusalCode } from './refusal.ts';
import type { SeatWish } from './requests.ts';

/** The version and its release date must fall into what the license covers. */
export const refuseVersion = (
  license: License,
  wish: Pick<SeatWish, 'version' | 'released'>,
): RefusalCode | undefined => {
  const { versions, maintenance } = license;
  const isBounded = versions.oldest !== null || versions.newest !== null;
  if (isBounded && wish.version === null) return 'version-needed';
  if (wish.version !== null && !coversVersion(versions, wish.version)) return 'no-version';
  if (maintenance === null) return undefined;
  if (wish.released === null) return 'version-needed';
  return wish.released < maintenance ? undefined : 'no-maintenance';
};

const isSame = (one: string, other: string): boolean => foldCase(one) === foldCase(other);

/** `activatedFor`: the resource that the administrator has chosen for this license. */
export const refuseResource = (
  license: License,
  activatedFor: string | undefined,
  wish: Pick<SeatWish, 'resource'>,
): RefusalCode | undefined => {
  if (license.resource === null) return wish.resource === null ? undefined : 'no-resource';
  if (wish.resource === null) return 'resource-needed';
  if (!isSame(activatedFor ?? '', wish.resource)) return 'no-resource';
  const isNamed = license.resource !== ANY_RESOURCE;
  return isNamed && !isSame(license.resource, wish.resource) ? 'no-resource' : undefined;
};

/** `switchedOn`: features that licenses of type `server` switch on for every seat of the product. */
export const refuseFeatures = (
  license: License,
  switchedOn: ReadonlySet<string>,
  wish: Pick<SeatWish, 'features'>,
): RefusalCode | undefined =>
  wish.features.every((name) => license.features.includes(name) || switchedOn.has(name))
    ? undefined
    : 'no-feature';
