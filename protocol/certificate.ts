/**
 * The certificate of an issuing key: with it the vendor's root key can stay offline while another
 * one signs day by day. One level only; a certificate travels inside every document that its key
 * signs, so that whoever has the document has the whole chain. protocol/README.md, section
 * "Certificates".
 */

import { Fields } from './fields.ts';
import { KEY_SIZE } from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { assert, err, ok, type Result } from './result.ts';
import { type DocumentFault, openDocument, signDocument } from './signed-document.ts';
import { type EpochSeconds, epochSeconds } from './units.ts';

/** What a key may be certified for; the bit of each is its place. Append-only. */
export const CERTIFIED_USES = ['licenses', 'activations', 'standings'] as const;
export type CertifiedUse = (typeof CERTIFIED_USES)[number];

export interface Certificate {
  /** The Ed25519 key that is certified. */
  readonly key: Uint8Array;
  /** At least one, in the order of `CERTIFIED_USES`. */
  readonly uses: readonly CertifiedUse[];
  /** It is good for documents issued from this date on, */
  readonly starts: EpochSeconds;
  /** and before this one, which is later. */
  readonly ends: EpochSeconds;
  /** Tells certificates of one key apart; the vendor counts. */
  readonly number: number;
}

/** A certificate, and the root key that made it one. */
export interface SignedCertificate {
  readonly certificate: Certificate;
  readonly root: Uint8Array;
  readonly bytes: Uint8Array;
}

const USES_MASK = 2 ** CERTIFIED_USES.length - 1;

const usesToMask = (uses: readonly CertifiedUse[]): number =>
  uses.reduce((mask, use) => mask | (1 << CERTIFIED_USES.indexOf(use)), 0);

const maskToUses = (mask: number): readonly CertifiedUse[] =>
  CERTIFIED_USES.filter((_, bit) => (mask & (1 << bit)) !== 0);

/** Signs a certificate with the vendor's root key. At most 256 bytes. */
export const signCertificate = (
  certificate: Certificate,
  root: KeyPair,
  primitives: Primitives,
): Uint8Array => {
  const { key, uses, starts, ends, number } = certificate;
  assert(uses.length > 0 && starts < ends, 'a certificate that nobody would read');
  const payload = pack([key, usesToMask(uses), starts, ends, number]);
  const { publicKey, secretKey } = root;
  return signDocument('certificate', payload, { publicKey, secretKey }, primitives);
};

/** Reads a certificate and checks its signature against the root key it names. */
export const openCertificate = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedCertificate, DocumentFault> => {
  const document = openDocument('certificate', bytes, primitives);
  if (!document.ok) return document;
  const fields = new Fields(unpack(document.value.payload));
  const certificate: Certificate = {
    key: fields.bytes(KEY_SIZE),
    uses: maskToUses(fields.uint(USES_MASK, 1)),
    starts: epochSeconds(fields.uint()),
    ends: epochSeconds(fields.uint()),
    number: fields.uint(),
  };
  if (!fields.complete || certificate.ends <= certificate.starts) return err('malformed');
  return ok({ certificate, root: document.value.signer, bytes });
};
