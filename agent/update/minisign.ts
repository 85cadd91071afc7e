/**
 * Signatures as minisign makes them: Ed25519 over the BLAKE2b-512 digest of a file, with a comment
 * that is signed as well. The older form without a digest (`Ed`) is refused.
 */

import { createHash, createPublicKey, verify } from 'node:crypto';
import { err, ok, type Result } from '../../protocol/result.ts';

export interface MinisignKey {
  /** 8 bytes that tell keys apart. */
  readonly id: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

export interface MinisignSignature {
  readonly keyId: Uint8Array;
  /** Over the file's digest, 64 bytes. */
  readonly signature: Uint8Array;
  readonly trustedComment: string;
  /** Over `signature` and the comment, 64 bytes. */
  readonly commentSignature: Uint8Array;
}

export const SIGNATURE_FAULTS = {
  unreadable: 'It is no signature of minisign.',
  legacy: 'It is signed in the old form of minisign, without a digest.',
  'other-key': 'It is signed with another key than the one trusted here.',
  'does-not-fit': 'The signature does not fit: the file was changed or is not whole.',
} as const;

export type SignatureFault = keyof typeof SIGNATURE_FAULTS;

const ID_SIZE = 8;
const KEY_SIZE = 32;
const SIGNATURE_SIZE = 64;
const COMMENT_MAX = 1024;
/** What stands before an Ed25519 key in DER, so that Node reads a raw one. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** A public key: its one line in base64, or the file with a comment above it. */
export const parseMinisignKey = (text: string): MinisignKey | undefined => {
  const lines = text.trim().split(/\r?\n/);
  const bytes = decode(lines.at(-1) ?? '', 2 + ID_SIZE + KEY_SIZE);
  if (lines.length > 2 || bytes?.subarray(0, 2).toString('latin1') !== 'Ed') return undefined;
  return { id: bytes.subarray(2, 2 + ID_SIZE), publicKey: bytes.subarray(2 + ID_SIZE) };
};

/** The four lines of a `.minisig`. */
export const parseSignature = (text: string): Result<MinisignSignature, SignatureFault> => {
  const [untrusted, first = '', comment = '', second = '', ...more] = text.trimEnd().split(/\r?\n/);
  const bytes = decode(first, 2 + ID_SIZE + SIGNATURE_SIZE);
  const commentSignature = decode(second, SIGNATURE_SIZE);
  const trusted = /^trusted comment: (.*)$/.exec(comment)?.[1];
  const isWhole = untrusted?.startsWith('untrusted comment: ') && more.length === 0;
  if (!isWhole || bytes === undefined || commentSignature === undefined) return err('unreadable');
  if (trusted === undefined || trusted.length > COMMENT_MAX) return err('unreadable');
  const form = bytes.subarray(0, 2).toString('latin1');
  if (form !== 'ED') return err(form === 'Ed' ? 'legacy' : 'unreadable');
  return ok({
    keyId: bytes.subarray(2, 2 + ID_SIZE),
    signature: bytes.subarray(2 + ID_SIZE),
    trustedComment: trusted,
    commentSignature,
  });
};

/** The trusted comment, when `text` is `key`'s signature of `content`. */
export const verifyMinisign = (
  key: MinisignKey,
  content: Uint8Array,
  text: string,
): Result<string, SignatureFault> => {
  const parsed = parseSignature(text);
  if (!parsed.ok) return parsed;
  const { keyId, signature, trustedComment, commentSignature } = parsed.value;
  if (!Buffer.from(key.id).equals(keyId)) return err('other-key');
  const publicKey = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, key.publicKey]),
    format: 'der',
    type: 'spki',
  });
  const commented = signedComment(signature, trustedComment);
  const fits =
    verify(null, minisignDigest(content), publicKey, signature) &&
    verify(null, commented, publicKey, commentSignature);
  return fits ? ok(trustedComment) : err('does-not-fit');
};

/** What is signed of a file. */
export const minisignDigest = (content: Uint8Array): Uint8Array =>
  createHash('blake2b512').update(content).digest();

/** What is signed of a comment. */
export const signedComment = (signature: Uint8Array, comment: string): Uint8Array =>
  Buffer.concat([signature, Buffer.from(comment)]);

const decode = (text: string, size: number): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is not base64; minisign does not.
  return bytes.length === size && bytes.toString('base64') === text ? bytes : undefined;
};
