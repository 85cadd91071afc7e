/**
 * Stand-ins for the public-key operations, some fifty times faster than real ones. Two ends still
 * agree on a key that no third pair of keys has, and a changed document still fails its check; only
 * secrecy is gone, which no simulated adversary tries: it records, changes and repeats datagrams.
 * Sealing and hashing stay real.
 */

import { hash } from 'node:crypto';
import { concatBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import type { KeyPair, Primitives } from '../../protocol/primitives.ts';

const sha512 = (bytes: Uint8Array): Uint8Array => new Uint8Array(hash('sha512', bytes, 'buffer'));

const PUBLIC_CONTEXT = utf8ToBytes('public');
const AGREE_CONTEXT = utf8ToBytes('agree');
const SIGN_CONTEXT = utf8ToBytes('sign');

/** Every secret's public key: a world makes a few hundred, and asks for each many times. */
const publicKeys = new WeakMap<Uint8Array, Uint8Array>();

const publicKeyOf = (secret: Uint8Array): Uint8Array => {
  const known = publicKeys.get(secret);
  if (known !== undefined) return known;
  const publicKey = sha512(concatBytes(PUBLIC_CONTEXT, secret)).slice(0, 32);
  publicKeys.set(secret, publicKey);
  return publicKey;
};

const keysOf = (secret: Uint8Array): KeyPair => ({
  publicKey: publicKeyOf(secret),
  secretKey: secret,
});

const signature = (message: Uint8Array, publicKey: Uint8Array): Uint8Array =>
  sha512(concatBytes(SIGN_CONTEXT, publicKey, message));

export const swiftPrimitives: Primitives = {
  sha512,
  sha512Secret: sha512,
  signingKeys: keysOf,
  agreementKeys: keysOf,
  sign: (message, keys) => signature(message, keys.publicKey),
  verify: (message, signed, publicKey) =>
    Buffer.compare(signature(message, publicKey), signed) === 0,
  agree: (secret, publicKey) => {
    const ends: [Uint8Array, Uint8Array] = [publicKeyOf(secret), publicKey];
    ends.sort((left, right) => Buffer.compare(left, right));
    return sha512(concatBytes(AGREE_CONTEXT, ...ends)).slice(0, 32);
  },
};
