/**
 * The envelope round everything that is signed, by a vendor or by an agent. The signature is over the payload's bytes as they
 * stand, never over a new encoding of them, behind a context string that keeps a signature for one
 * kind of document from serving another.
 */

import { concatBytes, utf8ToBytes } from './bytes.ts';
import { Fields } from './fields.ts';
import {
  CERTIFICATE_MAX,
  DOCUMENT_MAX,
  HASH_SIZE,
  KEY_SIZE,
  RESPONSE_MAX,
  SIGNATURE_SIZE,
} from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';

/** Kinds of signed document, each with the newest format version that is understood here. */
export const DOCUMENT_VERSIONS = {
  license: 2,
  child: 1,
  borrowing: 1,
  certificate: 1,
  revocations: 1,
  activation: 1,
  request: 1,
  response: 1,
  standing: 1,
  receipt: 1,
} as const;
export type DocumentKind = keyof typeof DOCUMENT_VERSIONS;

/** Keys that sign. Those of a vendor may be certified by the vendor's root key (certificate.ts). */
export interface SigningKeys extends KeyPair {
  /** The certificate of these keys: it goes with whatever they sign, and is covered by it. */
  readonly certificate?: Uint8Array;
}

export interface SignedDocument {
  readonly kind: DocumentKind;
  readonly version: number;
  /** The Ed25519 key that signed it; whether to trust that key is the reader's decision. */
  readonly signer: Uint8Array;
  readonly payload: Uint8Array;
  /** The whole document as received: what is stored, hashed and passed on. */
  readonly bytes: Uint8Array;
}

/**
 * Why a document was not read: `malformed` (cut short or not one at all), `other-kind`,
 * `newer-format` (its version is above ours), `bad-signature` (changed since it was signed);
 * `certificate-use` and `certificate-date`: the certificate of its key does not allow this kind of
 * document, or not at the date of its issue.
 */
export type DocumentFault =
  | 'malformed'
  | 'other-kind'
  | 'newer-format'
  | 'bad-signature'
  | 'certificate-use'
  | 'certificate-date';

/** Finds the key that signed in the field of the signer. */
type KeyReader = (signer: Uint8Array) => Result<Uint8Array, DocumentFault>;

/** `"usher " kind " " version NUL ‖ signer ‖ payload`: what the signature covers. */
const signedBytes = (
  kind: DocumentKind,
  version: number,
  signer: Uint8Array,
  payload: Uint8Array,
): Uint8Array => concatBytes(utf8ToBytes(`usher ${kind} ${version}\0`), signer, payload);

/** Bytes of a whole document of a kind: a response holds others. */
export const documentMax = (kind: DocumentKind): number =>
  kind === 'response' ? RESPONSE_MAX : DOCUMENT_MAX;

/**
 * Signs a payload and returns the whole document's bytes. `version`: that of the payload, where it
 * needs no newer one.
 */
export const signDocument = (
  kind: DocumentKind,
  payload: Uint8Array,
  keys: SigningKeys,
  primitives: Primitives,
  version: number = DOCUMENT_VERSIONS[kind],
): Uint8Array => {
  const signer = keys.certificate ?? keys.publicKey;
  const signature = primitives.sign(signedBytes(kind, version, signer, payload), keys);
  return pack([`usher-${kind}`, version, signer, payload, signature]);
};

/** The signer is a key and nothing else. */
const plainKey: KeyReader = (signer) =>
  signer.length === KEY_SIZE ? ok(signer) : err('malformed');

/** Reads a document of the kind asked for and checks its signature against the key it names. */
export const openDocument = (
  kind: DocumentKind,
  bytes: Uint8Array,
  primitives: Primitives,
  keyOf: KeyReader = plainKey,
): Result<SignedDocument, DocumentFault> => {
  if (bytes.length > documentMax(kind)) return err('malformed');
  const fields = new Fields(unpack(bytes));
  const name = fields.text(32);
  const version = fields.uint();
  if (!fields.valid) return err('malformed');
  if (name !== `usher-${kind}`) return err(name.startsWith('usher-') ? 'other-kind' : 'malformed');
  if (version > DOCUMENT_VERSIONS[kind]) return err('newer-format');
  const signer = fields.bytesUpTo(CERTIFICATE_MAX);
  const payload = fields.bytesUpTo(documentMax(kind));
  const signature = fields.bytes(SIGNATURE_SIZE);
  if (!fields.complete || version < 1) return err('malformed');
  const key = keyOf(signer);
  if (!key.ok) return key;
  const genuine = primitives.verify(
    signedBytes(kind, version, signer, payload),
    signature,
    key.value,
  );
  return genuine ? ok({ kind, version, signer: key.value, payload, bytes }) : err('bad-signature');
};

/** The kind that a document says it is of, before anything of it is believed. */
export const documentKind = (bytes: Uint8Array): DocumentKind | undefined => {
  if (bytes.length > RESPONSE_MAX) return undefined;
  const name = new Fields(unpack(bytes)).text(32);
  const kinds = Object.keys(DOCUMENT_VERSIONS) as DocumentKind[];
  return kinds.find((kind) => name === `usher-${kind}`);
};

/** The first 32 bytes of the SHA-512 of the whole document: its name on the wire. */
export const hashDocument = (bytes: Uint8Array, primitives: Primitives): Uint8Array =>
  primitives.sha512(bytes).slice(0, HASH_SIZE);
