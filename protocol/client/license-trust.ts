/** Whether a license that an agent shows is one that the application's vendor signed for it. */

import { equalBytes } from '../bytes.ts';
import type { Primitives } from '../primitives.ts';
import { err, ok, type Result } from '../result.ts';
import { hashDocument } from '../signed-document.ts';
import { openLicense, type SignedLicense } from '../signed-license.ts';
import type { EpochSeconds } from '../units.ts';
import type { Distrust } from './seat-events.ts';

/** A client's calendar may be wrong by this much before it calls a license pending or expired. */
const CALENDAR_TOLERANCE_SECONDS = 86_400;

export interface TrustQuestion {
  /** The vendors' public keys that the application was built with; `null` believes any signer. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  readonly product: string;
}

/** Checks one document, whose hash a grant named; what it is worth is for its reader. */
export const judgeLicense = (
  document: Uint8Array,
  hash: Uint8Array,
  question: TrustQuestion,
  wall: EpochSeconds,
  primitives: Primitives,
): Result<SignedLicense, Distrust> => {
  if (!equalBytes(hashDocument(document, primitives), hash)) return err('not-proven');
  const opened = openLicense(document, primitives);
  if (!opened.ok) return err('forged');
  const { license, signer } = opened.value;
  const { vendorKeys, product } = question;
  if (vendorKeys !== null && !vendorKeys.some((key) => equalBytes(key, signer))) {
    return err('other-vendor');
  }
  if (license.product !== product) return err('other-product');
  // An agent's activation cannot be shown yet; until it can, only licenses without one are proof.
  if (license.activation === 'required') return err('not-activated');
  if (wall + CALENDAR_TOLERANCE_SECONDS < license.starts) return err('pending');
  if (license.expires !== null && wall > license.expires + CALENDAR_TOLERANCE_SECONDS) {
    return err('expired');
  }
  return ok(opened.value);
};
