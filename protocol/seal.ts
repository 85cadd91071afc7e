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
  const whole = concatBytes(KEY_CONTEXT, shared, ends.clientKey, ends.agentKey);
  const keys = primitives.sha512(whole);
  const halves = { request: keys.slice(0, 32), reply: keys.slice(32, 64) };
  // No more copies stay than are used.
  for (const bytes of [shared, whole, keys]) bytes.fill(0);
  return halves;
};

/** NaCl's own names; each returns zero when all is well. */
interface LowLevel {
  /** Writes `length` bytes of XSalsa20's stream. */
  crypto_stream(
    target: Uint8Array,
    offset: number,
    length: number,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
  crypto_onetimeauth(
    tag: Uint8Array,
    tagAt: number,
    text: Uint8Array,
    textAt: number,
    length: number,
    key: Uint8Array,
  ): number;
  crypto_onetimeauth_verify: LowLevel['crypto_onetimeauth'];
}

// The parts that secretbox is made of: put together here, a small message takes one run of the
// cipher where secretbox's opening takes two, and nothing is copied or allocated.
const { crypto_stream, crypto_onetimeauth, crypto_onetimeauth_verify } = (
  nacl as unknown as { lowlevel: LowLevel }
).lowlevel;

/** The stream's first bytes are Poly1305's key, what follows hides the text. */
const TAG_KEY_SIZE = 32;
/** What one run of Salsa20 gives. */
const BLOCK_SIZE = 64;

const stream = new Uint8Array(TAG_KEY_SIZE + DATAGRAM_MAX);
const plain = new Uint8Array(DATAGRAM_MAX);
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
  const { length } = body;
  const textAt = offset + SEAL_OVERHEAD;
  setNonce(wireNonce, binding);
  crypto_stream(stream, 0, TAG_KEY_SIZE + length, nonce, key);
  hide(target, textAt, body, 0, length);
  crypto_onetimeauth(target, offset, target, textAt, length, stream);
  return textAt + length;
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
  const length = box.length - SEAL_OVERHEAD;
  setNonce(wireNonce, binding);
  crypto_stream(stream, 0, BLOCK_SIZE, nonce, key);
  if (crypto_onetimeauth_verify(box, 0, box, SEAL_OVERHEAD, length, stream) !== 0) return undefined;
  // Only who holds the key makes us compute more than the first block.
  if (TAG_KEY_SIZE + length > BLOCK_SIZE) {
    crypto_stream(stream, 0, TAG_KEY_SIZE + length, nonce, key);
  }
  hide(plain, 0, box, SEAL_OVERHEAD, length);
  return plain.subarray(0, length);
};

/** Combines `length` bytes of `source` with the stream: hides a text, or brings it to light. */
const hide = (
  target: Uint8Array,
  targetAt: number,
  source: Uint8Array,
  sourceAt: number,
  length: number,
): void => {
  for (let i = 0; i < length; i++) {
    target[targetAt + i] = (source[sourceAt + i] ?? 0) ^ (stream[TAG_KEY_SIZE + i] ?? 0);
  }
};
