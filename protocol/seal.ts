/**
 * Sealing: XSalsa20-Poly1305 (NaCl's secretbox) under keys that only the two ends of a session can
 * compute, one for each direction, with a nonce that is never used twice under one key.
 */

import nacl from 'tweetnacl';
import { concatBytes, utf8ToBytes } from './bytes.ts';
import { DATAGRAM_MAX, NONCE_SIZE } from './limits.ts';
import type { Primitives } from './primitives.ts';
import { assert } from './result.ts';

/** The bytes that sealing adds: Poly1305's tag. */
export const SEAL_OVERHEAD = 16;

export interface SessionKeys {
  /** Seals what the client sends. */
  readonly request: Uint8Array;
  /** Seals what the agent sends. */
  readonly reply: Uint8Array;
}

const KEY_CONTEXT = utf8ToBytes('usher session 1\0');

/**
 * `SHA-512("usher session 1" NUL ‖ shared ‖ clientKey ‖ agentKey)`, cut in two: the first half for
 * requests, the second for replies. `undefined` when the other side's key is of small order.
 */
export const deriveSessionKeys = (
  ends: {
    readonly ownSecret: Uint8Array;
    readonly otherKey: Uint8Array;
    readonly clientKey: Uint8Array;
    readonly agentKey: Uint8Array;
  },
  primitives: Primitives,
): SessionKeys | undefined => {
  const shared = primitives.agree(ends.ownSecret, ends.otherKey);
  if (shared === undefined) return undefined;
  const keys = primitives.sha512(concatBytes(KEY_CONTEXT, shared, ends.clientKey, ends.agentKey));
  shared.fill(0);
  return { request: keys.slice(0, 32), reply: keys.slice(32, 64) };
};

interface LowLevel {
  crypto_secretbox(c: Uint8Array, m: Uint8Array, d: number, n: Uint8Array, k: Uint8Array): number;
  crypto_secretbox_open(
    m: Uint8Array,
    c: Uint8Array,
    d: number,
    n: Uint8Array,
    k: Uint8Array,
  ): number;
}

// The typed interface allocates four arrays a call; this one works in buffers that are used again.
const { crypto_secretbox, crypto_secretbox_open } = (nacl as unknown as { lowlevel: LowLevel })
  .lowlevel;

/** NaCl wants 32 zero bytes before a plain text and 16 before a sealed one. */
const PLAIN_ZEROS = 32;
const SEALED_ZEROS = 16;

const plain = new Uint8Array(PLAIN_ZEROS + DATAGRAM_MAX);
const sealed = new Uint8Array(PLAIN_ZEROS + DATAGRAM_MAX);
const nonce = new Uint8Array(24);
const NO_TAIL = new Uint8Array(24 - NONCE_SIZE);

/** Completes the wire's 16 bytes of nonce to XSalsa20's 24. */
const setNonce = (wireNonce: Uint8Array, binding: Uint8Array | undefined): void => {
  nonce.set(wireNonce);
  nonce.set(binding?.subarray(0, NO_TAIL.length) ?? NO_TAIL, NONCE_SIZE);
};

/**
 * Seals `body` into `target` at `offset` and returns the end. `wireNonce` is the nonce's 16 bytes as
 * sent. The first eight bytes of `binding` complete it to XSalsa20's 24, or zeros where there is
 * none: what is sealed cannot be opened with another.
 */
export const sealInto = (
  target: Uint8Array,
  offset: number,
  body: Uint8Array,
  wireNonce: Uint8Array,
  key: Uint8Array,
  binding?: Uint8Array,
): number => {
  assert(wireNonce.length === NONCE_SIZE && body.length <= DATAGRAM_MAX, 'seal: sizes');
  const length = PLAIN_ZEROS + body.length;
  plain.fill(0, 0, PLAIN_ZEROS);
  plain.set(body, PLAIN_ZEROS);
  setNonce(wireNonce, binding);
  crypto_secretbox(sealed, plain, length, nonce, key);
  for (let i = SEALED_ZEROS; i < length; i++) target[offset++] = sealed[i] ?? 0;
  return offset;
};

/**
 * Opens `box`, or returns `undefined` when it was not sealed with this key, nonce and binding. The
 * result is a view that the next call overwrites: take out of it what shall outlive the step.
 */
export const openSealed = (
  box: Uint8Array,
  wireNonce: Uint8Array,
  key: Uint8Array,
  binding?: Uint8Array,
): Uint8Array | undefined => {
  if (box.length < SEAL_OVERHEAD || box.length > DATAGRAM_MAX) return undefined;
  const length = SEALED_ZEROS + box.length;
  sealed.fill(0, 0, SEALED_ZEROS);
  sealed.set(box, SEALED_ZEROS);
  setNonce(wireNonce, binding);
  if (crypto_secretbox_open(plain, sealed, length, nonce, key) !== 0) return undefined;
  return plain.subarray(PLAIN_ZEROS, length);
};
