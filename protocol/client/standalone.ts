/** Whether a standalone license lets an application run on this computer: no agent has a say. */

import type { ArmorFault } from '../armor.ts';
import { equalBytes } from '../bytes.ts';
import { refuseFeatures, refuseResource, refuseVersion } from '../coverage.ts';
import { type ComponentMatch, matchBoundHost } from '../host-code.ts';
import type { LicenseId } from '../ids.ts';
import type { License, LicenseType } from '../license.ts';
import type { Primitives } from '../primitives.ts';
import type { RefusalCode } from '../refusal.ts';
import type { SeatWish } from '../requests.ts';
import { err, ok, type Result } from '../result.ts';
import type { DocumentFault } from '../signed-document.ts';
import type { SignedLicense } from '../signed-license.ts';
import { type EpochSeconds, epochSeconds } from '../units.ts';

/** What an application asks of its license. */
export type StandaloneWish = Pick<
  SeatWish,
  'product' | 'features' | 'version' | 'released' | 'resource'
>;

export interface StandaloneQuestion {
  readonly wish: StandaloneWish;
  /** The vendors' public keys that the application was built with; `null` believes any signer. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  readonly wall: EpochSeconds;
  /** The latest time that this computer's clock has ever shown. */
  readonly seen: EpochSeconds;
  /** This computer's code, plain. */
  readonly hostCode: Uint8Array;
  readonly sha512: Primitives['sha512'];
  /** When a trial was used first on this computer; `undefined` when never. */
  readonly firstUse: (license: LicenseId) => EpochSeconds | undefined;
}

/** Why a license does not serve, in the order in which it is looked at. */
export type StandaloneFault =
  | { readonly kind: 'unreadable'; readonly fault: ArmorFault | DocumentFault }
  | { readonly kind: 'other-vendor' }
  | { readonly kind: 'other-product'; readonly product: string }
  | { readonly kind: 'other-type'; readonly type: LicenseType }
  /** The components of the license's computer, and which of them this computer has. */
  | { readonly kind: 'other-host'; readonly components: readonly ComponentMatch[] }
  | { readonly kind: 'pending'; readonly starts: EpochSeconds }
  | { readonly kind: 'expired'; readonly ended: EpochSeconds }
  /** It has not expired by the clock, but by the time that the clock has shown before. */
  | { readonly kind: 'clock-back'; readonly seen: EpochSeconds }
  /** What the application wants is not covered. */
  | { readonly kind: 'refused'; readonly code: RefusalCode };

const ORDER: readonly StandaloneFault['kind'][] = [
  'unreadable',
  'other-vendor',
  'other-product',
  'other-type',
  'other-host',
  'pending',
  'expired',
  'clock-back',
  'refused',
];

/** A license that serves, and when it ends. */
export interface StandaloneGrant {
  readonly signed: SignedLicense;
  /** `null` for never. */
  readonly ends: EpochSeconds | null;
}

/** Of several licenses the first that serves; else what the one that came closest lacks. */
export const chooseStandalone = (
  licenses: readonly Result<SignedLicense, ArmorFault | DocumentFault>[],
  question: StandaloneQuestion,
): Result<StandaloneGrant, StandaloneFault | undefined> => {
  let closest: StandaloneFault | undefined;
  for (const license of licenses) {
    const judged = license.ok
      ? judgeStandalone(license.value, question)
      : err({ kind: 'unreadable', fault: license.error } as const);
    if (judged.ok) return judged;
    const { kind } = judged.error;
    if (closest === undefined || ORDER.indexOf(kind) > ORDER.indexOf(closest.kind)) {
      closest = judged.error;
    }
  }
  return err(closest);
};

/**
 * Judges one license. Whether it must be activated is not asked: the vendor has bound it to this
 * computer when signing it.
 */
const judgeStandalone = (
  signed: SignedLicense,
  question: StandaloneQuestion,
): Result<StandaloneGrant, StandaloneFault> => {
  const { license, signer } = signed;
  const { wish, vendorKeys, hostCode, sha512 } = question;
  if (vendorKeys !== null && !vendorKeys.some((key) => equalBytes(key, signer))) {
    return err({ kind: 'other-vendor' });
  }
  if (license.product !== wish.product) {
    return err({ kind: 'other-product', product: license.product });
  }
  if (license.type !== 'standalone' || license.hostCode === null) {
    return err({ kind: 'other-type', type: license.type });
  }
  const { matches, components } = matchBoundHost(license.hostCode, hostCode, {
    key: signer,
    sha512,
  });
  if (!matches) return err({ kind: 'other-host', components });
  const ends = endOf(license, question);
  const late = judgeTime(license, ends, question);
  if (late !== undefined) return err(late);
  const code = refuseWish(license, wish);
  return code === undefined ? ok({ signed, ends }) : err({ kind: 'refused', code });
};

/** The earlier of the license's last date and the end of its trial. */
const endOf = (license: License, { firstUse, wall }: StandaloneQuestion): EpochSeconds | null => {
  const { expires, trial } = license;
  if (trial === null) return expires;
  const trialEnd = Math.min(0xffff_ffff, (firstUse(license.id) ?? wall) + trial);
  return epochSeconds(expires === null ? trialEnd : Math.min(expires, trialEnd));
};

/** A clock that was turned back does not revive a license: the latest time ever seen counts. */
const judgeTime = (
  { starts }: License,
  ends: EpochSeconds | null,
  { wall, seen }: StandaloneQuestion,
): StandaloneFault | undefined => {
  if (wall < starts) return { kind: 'pending', starts };
  if (ends === null) return undefined;
  if (wall >= ends) return { kind: 'expired', ended: ends };
  return seen >= ends ? { kind: 'clock-back', seen } : undefined;
};

/** Nobody chooses a resource for it: the application's own word does. */
const refuseWish = (license: License, wish: StandaloneWish): RefusalCode | undefined =>
  refuseVersion(license, wish) ??
  refuseResource(license, wish.resource ?? undefined, wish) ??
  refuseFeatures(license, new Set(), wish);
