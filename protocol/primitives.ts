/**
 * The public-key and hash operations, as an interface with two twins that agree byte for byte: a
 * portable one (`portable-primitives.ts`) and Node's own (`node/native-primitives.ts`), some eighty
 * times faster. Pure code takes one of them as an argument.
 */

import { bytesToHex } from './bytes.ts';

export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

export interface Primitives {
  /** SHA-512 (FIPS 180-4), 64 bytes, that may be known or are shown to others as they are. */
  readonly sha512: (bytes: Uint8Array) => Uint8Array;
  /** SHA-512, 64 bytes that are a secret: no copy of them stays but the one that is given. */
  readonly sha512Secret: (bytes: Uint8Array) => Uint8Array;
  /** The Ed25519 key pair (RFC 8032) of a 32-byte seed; `secretKey` is the seed itself. */
  readonly signingKeys: (seed: Uint8Array) => KeyPair;
  /** An Ed25519 signature, 64 bytes. `keys` as made by `signingKeys`. */
  readonly sign: (message: Uint8Array, keys: KeyPair) => Uint8Array;
  /**
   * Strict (RFC 8032, section 5.1.7, the equation without the cofactor): S below the group order, R
   * compared as bytes, and a key as `isSoundKey` demands.
   */
  readonly verify: (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean;
  /** The X25519 key pair (RFC 7748) of 32 secret bytes. */
  readonly agreementKeys: (secret: Uint8Array) => KeyPair;
  /** The X25519 shared secret, or `undefined` for a public key of small order (all-zero result). */
  readonly agree: (secret: Uint8Array, publicKey: Uint8Array) => Uint8Array | undefined;
}

/** y of the points whose order divides eight, the sign of x left out: 0, 1, −1 and two more. */
const SMALL_ORDER: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
];

/**
 * Whether an Ed25519 key is 32 bytes with y below 2²⁵⁵−19 and not of small order. Under a key of
 * small order one signature can fit every message; neither twin's library would ask.
 */
export const isSoundKey = (publicKey: Uint8Array): boolean => {
  if (publicKey.length !== 32) return false;
  // Not `slice`: on a Node Buffer that is a view, and the sign bit would be lost from the key itself.
  const y = new Uint8Array(publicKey);
  y[31] = (y[31] ?? 0) & 0x7f;
  return isBelowPrime(y) && !SMALL_ORDER.includes(bytesToHex(y));
};

/** Little-endian y below p = 2²⁵⁵−19, whose bytes are ed ff … ff 7f. */
const isBelowPrime = (y: Uint8Array): boolean =>
  y[31] !== 0x7f || y.subarray(1, 31).some((byte) => byte !== 0xff) || (y[0] ?? 0) < 0xed;
