/**
 * The issuing keys that a vendor has revoked: whatever they signed, at whatever date, is worth
 * nothing. Signed by the root key; of two the one with the higher number counts.
 */

import { equalBytes } from './bytes.ts';
import { Fields } from './fields.ts';
import { KEY_SIZE, REVOKED_KEYS_MAX } from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';
import { type DocumentFault, openDocument, signDocument } from './signed-document.ts';
import { type EpochSeconds, epochSeconds } from './units.ts';
import { issuingKey, type VendorOrigin } from './vendor-document.ts';

export interface Revocations {
  readonly issued: EpochSeconds;
  /** Grows with each that the vendor makes. */
  readonly number: number;
  /** Every key that is revoked, at most 64: a newer document repeats what the older one said. */
  readonly keys: readonly Uint8Array[];
}

export interface SignedRevocations {
  readonly revocations: Revocations;
  /** The root key of the vendor whose certificates they are about. */
  readonly vendor: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Signs revocations with the vendor's root key. */
export const signRevocations = (
  { issued, number, keys }: Revocations,
  root: KeyPair,
  primitives: Primitives,
): Uint8Array => {
  const { publicKey, secretKey } = root;
  const payload = pack([issued, number, keys]);
  return signDocument('revocations', payload, { publicKey, secretKey }, primitives);
};

/** Reads revocations and checks their signature against the root key they name. */
export const openRevocations = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedRevocations, DocumentFault> => {
  const document = openDocument('revocations', bytes, primitives);
  if (!document.ok) return document;
  const fields = new Fields(unpack(document.value.payload));
  const revocations: Revocations = {
    issued: epochSeconds(fields.uint()),
    number: fields.uint(),
    keys: fields.list(REVOKED_KEYS_MAX, (field) => field.bytes(KEY_SIZE)),
  };
  if (!fields.complete) return err('malformed');
  return ok({ revocations, vendor: document.value.signer, bytes });
};

/** Whether the key that signed a document is revoked; revocations of another vendor say nothing. */
export const isRevoked = (
  origin: VendorOrigin,
  { revocations, vendor }: Pick<SignedRevocations, 'revocations' | 'vendor'>,
): boolean =>
  equalBytes(origin.vendor, vendor) &&
  revocations.keys.some((key) => equalBytes(key, issuingKey(origin)));
