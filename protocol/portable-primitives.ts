/** tweetnacl behind the `Primitives` interface: the second opinion on what Node's own curves have signed. */

import nacl from 'tweetnacl';
import { isSoundKey, type Primitives } from './primitives.ts';

export const portablePrimitives: Primitives = {
  sha512: (bytes) => nacl.hash(bytes),
  sha512Secret: (bytes) => nacl.hash(bytes),
  signingKeys: (seed) => ({
    publicKey: nacl.sign.keyPair.fromSeed(seed).publicKey,
    secretKey: seed,
  }),
  sign: (message, keys) =>
    nacl.sign.detached(message, nacl.sign.keyPair.fromSeed(keys.secretKey).secretKey),
  verify: (message, signature, publicKey) =>
    signature.length === 64 &&
    isSoundKey(publicKey) &&
    isCanonicalScalar(signature) &&
    nacl.sign.detached.verify(message, signature, publicKey),
  agreementKeys: (secret) => ({ publicKey: nacl.scalarMult.base(secret), secretKey: secret }),
  agree: (secret, publicKey) => {
    const shared = nacl.scalarMult(secret, publicKey);
    return shared.every((byte) => byte === 0) ? undefined : shared;
  },
};

/** The order of Ed25519's base point, little-endian (RFC 8032, section 5.1). */
const ORDER = [
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/** S below the group order (RFC 8032, section 5.1.7, step 1); tweetnacl alone would not ask. */
const isCanonicalScalar = (signature: Uint8Array): boolean => {
  for (let i = 31; i >= 0; i--) {
    const digit = signature[32 + i] ?? 0;
    const bound = ORDER[i] ?? 0;
    if (digit !== bound) return digit < bound;
  }
  return false;
};
