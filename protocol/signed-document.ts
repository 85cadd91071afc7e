/**
 * The envelope round everything that is signed, by a vendor or by an agent. The signature is over the payload's bytes as they
 * stand, never over a new encoding of them, behind a context string that keeps a signature for one
 * kind of document from serving another.
 */

import { concatBytes, utf8ToBytes } from './bytes.ts';
import { Fields } from './fields.ts';
import { DOCUMENT_MAX, HASH_SIZE, KEY_SIZE, SIGNATURE_SIZE } from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';

/** Kinds of signed document, each with the format version written and understood here. */
export const DOCUMENT_VERSIONS = { license: 1, borrowing: 1 } as const;
export type DocumentKind = keyof typeof DOCUMENT_VERSIONS;

export interface SignedDocument {
  readonly kind: DocumentKind;
  /** The Ed25519 key that signed it; whether to trust that key is the reader's decision. */
  readonly signer: Uint8Array;
  readonly payload: Uint8Array;
  /** The whole document as received: what is stored, hashed and passed on. */
  readonly bytes: Uint8Array;
}

/**
 * Why a document was not read: `malformed` (cut short or not one at all), `other-kind`,
 * `newer-format` (its version is above ours), `bad-signature` (changed since it was signed).
 */
export type DocumentFault = 'malformed' | 'other-kind' | 'newer-format' | 'bad-signature';

/** `"usher " kind " " version NUL ‖ signer ‖ payload`: what the signature covers. */
const signedBytes = (kind: DocumentKind, signer: Uint8Array, payload: Uint8Array): Uint8Array =>
  concatBytes(utf8ToBytes(`usher ${kind} ${DOCUMENT_VERSIONS[kind]}\0`), signer, payload);

/** Signs a payload and returns the whole document's bytes. */
export const signDocument = (
  kind: DocumentKind,
  payload: Uint8Array,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array => {
  const signature = primitives.sign(signedBytes(kind, keys.publicKey, payload), keys);
  return pack([`usher-${kind}`, DOCUMENT_VERSIONS[kind], keys.publicKey, payload, signature]);
};

/** Reads a document of the kind asked for and checks its signature against the key it names. */
export const openDocument = (
  kind: DocumentKind,
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedDocument, DocumentFault> => {
  if (bytes.length > DOCUMENT_MAX) return err('malformed');
  const fields = new Fields(unpack(bytes));
  const name = fields.text(32);
  const version = fields.uint();
  if (!fields.valid) return err('malformed');
  if (name !== `usher-${kind}`) return err(name.startsWith('usher-') ? 'other-kind' : 'malformed');
  if (version > DOCUMENT_VERSIONS[kind]) return err('newer-format');
  const signer = fields.bytes(KEY_SIZE);
  const payload = fields.bytesUpTo(DOCUMENT_MAX);
  const signature = fields.bytes(SIGNATURE_SIZE);
  if (!fields.complete || version !== DOCUMENT_VERSIONS[kind]) return err('malformed');
  const genuine = primitives.verify(signedBytes(kind, signer, payload), signature, signer);
  return genuine ? ok({ kind, signer, payload, bytes }) : err('bad-signature');
};

/** The first 32 bytes of the SHA-512 of the whole document: its name on the wire. */
export const hashDocument = (bytes: Uint8Array, primitives: Primitives): Uint8Array =>
  primitives.sha512(bytes).slice(0, HASH_SIZE);
