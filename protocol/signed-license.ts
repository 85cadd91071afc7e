/** A license and the signature that makes it one. */

import { licenseId } from './ids.ts';
import type { License } from './license.ts';
import { licenseToValue, licenseVersion, parseLicense } from './license-fields.ts';
import { pack } from './msgpack.ts';
import type { Primitives } from './primitives.ts';
import { ok, type Result } from './result.ts';
import { type DocumentFault, type SigningKeys, signDocument } from './signed-document.ts';
import { openVendorDocument, type VendorOrigin } from './vendor-document.ts';

export interface SignedLicense extends VendorOrigin {
  readonly license: License;
  readonly bytes: Uint8Array;
}

/**
 * Signs a license with the vendor's root key, or with one certified for licenses. `id` is 16 fresh
 * random bytes; the license's own `id` field follows from it.
 */
export const signLicense = (
  license: Omit<License, 'id'>,
  id: Uint8Array,
  keys: SigningKeys,
  primitives: Primitives,
): Uint8Array =>
  signDocument(
    'license',
    pack(licenseToValue({ ...license, id: licenseId(id) }, id)),
    keys,
    primitives,
    licenseVersion(license),
  );

/** Reads a license and checks its signature, and the chain to the vendor's root key. */
export const openLicense = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedLicense, DocumentFault> => {
  const opened = openVendorDocument('license', bytes, primitives, parseLicense);
  if (!opened.ok) return opened;
  const { content, ...origin } = opened.value;
  return ok({ ...origin, license: content });
};
