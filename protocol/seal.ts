/**
 * Sealing: XSalsa20-Poly1305 (NaCl's secretbox) under keys that only the two ends of a session can
 * compute, one for each direction, with a nonce that is never used twice under one key.
 */

import { concatBytes, utf8ToBytes } from './bytes.ts';
import { DATAGRAM_MAX, NONCE_SIZE } from './limits.ts';
import { computeTag, TAG_WORDS } from './poly1305.ts';
import type { Primitives } from './primitives.ts';
import { assert } from './result.ts';
import { BLOCK_WORDS, writeStream } from './salsa20.ts';

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
  const keys = primitives.sha512Secret(whole);
  const halves = { request: keys.slice(0, 32), reply: keys.slice(32, 64) };
  // No more copies stay than are used.
  for (const bytes of [shared, whole, keys]) bytes.fill(0);
  return halves;
};

/** The stream's first words are Poly1305's key, what follows hides the text. */
const TAG_KEY_WORDS = 8;

// Sealing and opening put their parts together here, where nothing is copied or allocated.
const stream = new Int32Array(Math.ceil((4 * TAG_KEY_WORDS + DATAGRAM_MAX) / 64) * BLOCK_WORDS);
const tag = new Int32Array(TAG_WORDS);
const nonce = new Uint8Array(24);
/** What was opened last. */
export const openedText = new Uint8Array(DATAGRAM_MAX);

/** How many runs of the cipher hide a text of this length. */
const blocksFor = (length: number): number => Math.ceil((TAG_KEY_WORDS + length / 4) / BLOCK_WORDS);

/** Completes the wire's 16 bytes of nonce to XSalsa20's 24, by zeros or by what it is bound to. */
const setNonce = (wire: Uint8Array, at: number, binding?: Uint8Array, bindingAt = 0): void => {
  for (let i = 0; i < NONCE_SIZE; i++) nonce[i] = wire[at + i] ?? 0;
  for (let i = NONCE_SIZE; i < nonce.length; i++) {
    nonce[i] = binding?.[bindingAt + i - NONCE_SIZE] ?? 0;
  }
};

/**
 * Seals the `length` bytes of text that stand in `target` behind `SEAL_OVERHEAD` bytes at `offset`.
 * `wireNonce` is the nonce's 16 bytes as sent. The first eight bytes of `binding` complete it to
 * XSalsa20's 24, or zeros where there is none: what is sealed cannot be opened with another.
 */
export const sealInPlace = (
  target: Uint8Array,
  offset: number,
  length: number,
  wireNonce: Uint8Array,
  key: Uint8Array,
  binding?: Uint8Array,
): void => {
  assert(wireNonce.length === NONCE_SIZE && length <= DATAGRAM_MAX, 'seal: sizes');
  const textAt = offset + SEAL_OVERHEAD;
  setNonce(wireNonce, 0, binding);
  writeStream(stream, blocksFor(length), key, nonce);
  hide(target, textAt, target, textAt, length);
  computeTag(tag, target, textAt, length, stream);
  for (let i = 0; i < SEAL_OVERHEAD; i++) target[offset + i] = byteOf(tag, i);
};

/** Writes a nonce into `target` at `offset`, and behind it the text, sealed. */
export const writeSealed = (
  target: Uint8Array,
  offset: number,
  wireNonce: Uint8Array,
  text: Uint8Array,
  key: Uint8Array,
  binding?: Uint8Array,
): void => {
  const sealAt = offset + NONCE_SIZE;
  target.set(wireNonce, offset);
  target.set(text, sealAt + SEAL_OVERHEAD);
  sealInPlace(target, sealAt, text.length, wireNonce, key, binding);
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
  setNonce(wireNonce, 0, binding);
  const length = openBox(box, 0, key);
  return length < 0 ? undefined : openedText.subarray(0, length);
};

/**
 * Opens the box that is all of `datagram` from `boxAt` on, into `openedText`. Its nonce, and what it is
 * bound to where `bindingAt` is not negative, are in the datagram, too. The text's length, or −1.
 */
export const openWithin = (
  datagram: Uint8Array,
  boxAt: number,
  nonceAt: number,
  key: Uint8Array,
  bindingAt: number,
): number => {
  setNonce(datagram, nonceAt, bindingAt < 0 ? undefined : datagram, bindingAt);
  return openBox(datagram, boxAt, key);
};

const openBox = (bytes: Uint8Array, at: number, key: Uint8Array): number => {
  const textAt = at + SEAL_OVERHEAD;
  const length = bytes.length - textAt;
  if (length < 0 || bytes.length - at > DATAGRAM_MAX) return -1;
  writeStream(stream, 1, key, nonce);
  computeTag(tag, bytes, textAt, length, stream);
  let difference = 0;
  for (let i = 0; i < SEAL_OVERHEAD; i++) difference |= (bytes[at + i] ?? 0) ^ byteOf(tag, i);
  if (difference !== 0) return -1;
  // Only who holds the key makes us compute more than the first block.
  if (blocksFor(length) > 1) writeStream(stream, blocksFor(length), key, nonce);
  hide(openedText, 0, bytes, textAt, length);
  return length;
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
    target[targetAt + i] = (source[sourceAt + i] ?? 0) ^ byteOf(stream, 4 * TAG_KEY_WORDS + i);
  }
};

/** A byte of words that are little-endian, as the machine may not be. */
const byteOf = (words: Int32Array, at: number): number =>
  ((words[at >> 2] ?? 0) >>> (8 * (at & 3))) & 0xff;
