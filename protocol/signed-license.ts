/** A license and the signature that makes it one. */

import { licenseId } from './ids.ts';
import type { License } from './license.ts';
import { licenseToValue, parseLicense } from './license-fields.ts';
import { pack } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';
import { type DocumentFault, openDocument, signDocument } from './signed-document.ts';

export interface SignedLicense {
  readonly license: License;
  readonly signer: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Signs a license. `id` is 16 fresh random bytes; the license's own `id` field follows from it. */
export const signLicense = (
  license: Omit<License, 'id'>,
  id: Uint8Array,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array =>
  signDocument(
    'license',
    pack(licenseToValue({ ...license, id: licenseId(id) }, id)),
    keys,
    primitives,
  );

/** Reads a license and checks its signature against the key it names. */
export const openLicense = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedLicense, DocumentFault> => {
  const document = openDocument('license', bytes, primitives);
  if (!document.ok) return document;
  const license = parseLicense(document.value.payload);
  if (license === undefined) return err('malformed');
  return ok({ license, signer: document.value.signer, bytes: document.value.bytes });
};
