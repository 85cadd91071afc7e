/** Node's own Ed25519, X25519 and SHA-512 behind the `Primitives` interface. */

import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { isSoundKey, type KeyPair, type Primitives } from '../primitives.ts';

/**
 * The DER that wraps 32 raw key bytes (RFC 8410, section 7). OpenSSL takes half a millisecond to read
 * it; as a JWK it would take a tenth, but that has the secret in a text, which nobody can overwrite.
 */
const PRIVATE_PREFIX = {
  ed25519: '302e020100300506032b657004220420',
  x25519: '302e020100300506032b656e04220420',
};
/** The curves as JWKs name them (RFC 8037, section 2). */
const CURVES = { ed25519: 'Ed25519', x25519: 'X25519' };

type Curve = keyof typeof CURVES;

const privateKey = (curve: Curve, raw: Uint8Array): KeyObject => {
  const key = Buffer.concat([Buffer.from(PRIVATE_PREFIX[curve], 'hex'), raw]);
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } finally {
    key.fill(0);
  }
};

const publicKey = (curve: Curve, { buffer, byteOffset, length }: Uint8Array): KeyObject => {
  const x = Buffer.from(buffer, byteOffset, length).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: CURVES[curve], x }, format: 'jwk' });
};

/** Key objects cost more to make than to use; a secret is used again, so they are kept as long as it. */
const keptKeys = (curve: Curve): ((secret: Uint8Array) => KeyObject) => {
  const keys = new WeakMap<Uint8Array, KeyObject>();
  return (secret) => {
    const known = keys.get(secret);
    if (known !== undefined) return known;
    const key = privateKey(curve, secret);
    keys.set(secret, key);
    return key;
  };
};

/** An agent asks several times for its own at its start. */
let lastPair: KeyPair | undefined;
const agreementKey = keptKeys('x25519');
const signingKey = keptKeys('ed25519');

const keyPair = (key: KeyObject, secret: Uint8Array): KeyPair => {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return { publicKey: new Uint8Array(Buffer.from(x, 'base64url')), secretKey: secret };
};

/**
 * A buffer that Node hands out has its bytes outside of the heap, which costs more to collect than
 * the hash to make: an agent that grants seats made a tenth fewer of them. A text costs nothing.
 */
const ofText = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
};

export const nativePrimitives: Primitives = {
  sha512: (bytes) => ofText(hash('sha512', bytes, 'binary')),
  sha512Secret: (bytes) => {
    const made = hash('sha512', bytes, 'buffer');
    const own = new Uint8Array(made);
    made.fill(0);
    return own;
  },
  signingKeys: (seed) => keyPair(privateKey('ed25519', seed), seed),
  sign: (message, keys) => new Uint8Array(sign(null, message, signingKey(keys.secretKey))),
  verify: (message, signature, key) =>
    signature.length === 64 &&
    isSoundKey(key) &&
    verify(null, message, publicKey('ed25519', key), signature),
  agreementKeys: (secret) => {
    if (lastPair?.secretKey !== secret) lastPair = keyPair(agreementKey(secret), secret);
    return lastPair;
  },
  agree: (secret, key) => {
    try {
      const shared = diffieHellman({
        privateKey: agreementKey(secret),
        publicKey: publicKey('x25519', key),
      });
      const copy = new Uint8Array(shared);
      shared.fill(0);
      return copy;
    } catch {
      // OpenSSL refuses an all-zero result (RFC 7748, section 6.1).
      return undefined;
    }
  },
};
