/**
 * An agent's word that it lends no seat of a license any more, whatever it is told, until a later
 * activation: with it the vendor may activate the license elsewhere. protocol/README.md, section
 * "Return receipt".
 */

import { Fields } from './fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from './ids.ts';
import { HASH_SIZE, LICENSE_ID_SIZE, NONCE_SIZE } from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';
import { type DocumentFault, openDocument, signDocument } from './signed-document.ts';
import { type EpochSeconds, epochSeconds } from './units.ts';

export interface ReturnReceipt {
  readonly license: LicenseId;
  /** The hash of the activation document that is given back. */
  readonly activationHash: Uint8Array;
  /** 16 random bytes: no two receipts are alike. */
  readonly nonce: Uint8Array;
  /** By the agent's clock. */
  readonly made: EpochSeconds;
}

export interface SignedReceipt {
  readonly receipt: ReturnReceipt;
  /** The Ed25519 key of the agent; it must be the one that the activation names. */
  readonly signer: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Signs a receipt with the agent's `agentSigningKeys`. */
export const signReceipt = (
  { license, activationHash, nonce, made }: ReturnReceipt,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array => {
  const payload = pack([licenseIdToBytes(license), activationHash, nonce, made]);
  return signDocument('receipt', payload, keys, primitives);
};

/** Reads a receipt and checks its signature against the agent's key that it names. */
export const openReceipt = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedReceipt, DocumentFault> => {
  const document = openDocument('receipt', bytes, primitives);
  if (!document.ok) return document;
  const fields = new Fields(unpack(document.value.payload));
  const receipt: ReturnReceipt = {
    license: licenseId(fields.bytes(LICENSE_ID_SIZE)),
    activationHash: fields.bytes(HASH_SIZE),
    nonce: fields.bytes(NONCE_SIZE),
    made: epochSeconds(fields.uint()),
  };
  if (!fields.complete) return err('malformed');
  return ok({ receipt, signer: document.value.signer, bytes });
};
