/** What a site stands on: the license that its members share, its network, clocks and disks. */

import { licenseStoreKey } from '../../agent/core/seats/lease-record.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import type { License } from '../../protocol/license.ts';
import { openLicense, signLicense } from '../../protocol/signed-license.ts';
import { epochSeconds, type Seconds } from '../../protocol/units.ts';
import { plainLicense, plainPool } from '../plain-license.ts';
import { WALL_START } from './clocks.ts';
import type { LinkFaults } from './network.ts';
import type { Random } from './random.ts';
import type { RegisterFaults } from './site-register.ts';
import { swiftPrimitives } from './swift-primitives.ts';

export const PRODUCT = 'site';
export const VENDOR = swiftPrimitives.signingKeys(new Uint8Array(32).fill(11));

export const DISK = { sync: 5, slowSync: 300, slowness: 0.05 } as const;
export const DRIFT = { rate: 1 / 1024, late: 20, veryLate: 500, slow: 'any' } as const;

export const drawLink = (random: Random): LinkFaults => ({
  loss: random.pick([0, 0.05, 0.2]),
  duplication: random.pick([0, 0.1]),
  there: { least: 0.1, most: random.pick([5, 200]) },
  back: { least: 0.1, most: random.pick([5, 200]) },
  detour: random.pick([3000, 20_000]),
  detourChance: random.pick([0, 0.05]),
  lastWords: 0,
  silence: { least: 0, most: 0 },
});

export const drawRegister = (random: Random): RegisterFaults => ({
  loss: random.pick([0, 0.02, 0.2]),
  slow: random.pick([5, 50, 400]),
  verySlow: random.pick([500, 5000, 60_000]),
  slowness: random.pick([0, 0.02, 0.1]),
});

/** A license that all members of a site have. */
export interface SharedLicense {
  readonly id: LicenseId;
  readonly seats: number;
  /** As it is stored. */
  readonly record: readonly [key: string, value: Uint8Array];
}

export const signShared = (
  random: Random,
  seats: number,
  term: Seconds,
  more: Partial<License> = {},
): SharedLicense => {
  const issued = epochSeconds(WALL_START - 1000);
  const terms = plainLicense({
    product: PRODUCT,
    issued,
    starts: issued,
    term,
    pools: [plainPool(seats)],
    ...more,
  });
  const bytes = signLicense(terms, random.bytes(16), VENDOR, swiftPrimitives);
  const opened = openLicense(bytes, swiftPrimitives);
  if (!opened.ok) throw new Error(opened.error);
  const { id } = opened.value.license;
  return { id, seats, record: [licenseStoreKey(id), bytes] };
};
