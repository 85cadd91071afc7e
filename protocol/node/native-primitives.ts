/** Node's own Ed25519, X25519 and SHA-512 behind the `Primitives` interface. */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { isSoundKey, type KeyPair, type Primitives } from '../primitives.ts';

/** The DER that wraps 32 raw key bytes (RFC 8410, sections 4 and 7). */
const PRIVATE_PREFIX = {
  ed25519: '302e020100300506032b657004220420',
  x25519: '302e020100300506032b656e04220420',
};
const PUBLIC_PREFIX = { ed25519: '302a300506032b6570032100', x25519: '302a300506032b656e032100' };

type Curve = keyof typeof PUBLIC_PREFIX;

const privateKey = (curve: Curve, raw: Uint8Array): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from(PRIVATE_PREFIX[curve], 'hex'), raw]),
    format: 'der',
    type: 'pkcs8',
  });

const publicKey = (curve: Curve, raw: Uint8Array): KeyObject =>
  createPublicKey({
    key: Buffer.concat([Buffer.from(PUBLIC_PREFIX[curve], 'hex'), raw]),
    format: 'der',
    type: 'spki',
  });

const keyPair = (curve: Curve, secret: Uint8Array): KeyPair => {
  const der = createPublicKey(privateKey(curve, secret)).export({ format: 'der', type: 'spki' });
  return { publicKey: new Uint8Array(der.subarray(-32)), secretKey: secret };
};

/** Key objects cost more to make than to use; a secret is used again, so the last one is kept. */
const lastKey = (curve: Curve): ((secret: Uint8Array) => KeyObject) => {
  let last: { readonly secret: Uint8Array; readonly key: KeyObject } | undefined;
  return (secret) => {
    if (last?.secret !== secret) last = { secret, key: privateKey(curve, secret) };
    return last.key;
  };
};

const agreementKey = lastKey('x25519');
const signingKey = lastKey('ed25519');

export const nativePrimitives: Primitives = {
  sha512: (bytes) => new Uint8Array(createHash('sha512').update(bytes).digest()),
  signingKeys: (seed) => keyPair('ed25519', seed),
  sign: (message, keys) => new Uint8Array(sign(null, message, signingKey(keys.secretKey))),
  verify: (message, signature, key) =>
    signature.length === 64 &&
    isSoundKey(key) &&
    verify(null, message, publicKey('ed25519', key), signature),
  agreementKeys: (secret) => keyPair('x25519', secret),
  agree: (secret, key) => {
    try {
      const shared = diffieHellman({
        privateKey: agreementKey(secret),
        publicKey: publicKey('x25519', key),
      });
      return new Uint8Array(shared);
    } catch {
      // OpenSSL refuses an all-zero result (RFC 7748, section 6.1).
      return undefined;
    }
  },
};
