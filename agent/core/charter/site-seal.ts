/**
 * Seals what the register should not show to everybody who may read it: under the site's secret, which
 * is in the register, too. Whoever may read all of the site's keys can open it.
 */

import { concatBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import { KEY_SIZE, NONCE_SIZE } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { openSealed, SEAL_OVERHEAD, writeSealed } from '../../../protocol/seal.ts';

const KEY_CONTEXT = utf8ToBytes('usher site seal 1\0');
const NONCE_CONTEXT = utf8ToBytes('usher site seal nonce 1\0');

/** Bytes of a text that is sealed. */
export const SEALED_MAX = 1024;

const keyOf = (secret: Uint8Array, { sha512Secret }: Primitives): Uint8Array =>
  sha512Secret(concatBytes(KEY_CONTEXT, secret)).slice(0, KEY_SIZE);

/** The same text is sealed the same way, any other one with another nonce. */
export const sealForSite = (
  text: Uint8Array,
  secret: Uint8Array,
  primitives: Primitives,
): Uint8Array => {
  const key = keyOf(secret, primitives);
  const whole = new Uint8Array(NONCE_SIZE + SEAL_OVERHEAD + text.length);
  const nonce = primitives.sha512(concatBytes(NONCE_CONTEXT, key, text)).slice(0, NONCE_SIZE);
  writeSealed(whole, 0, nonce, text, key);
  return whole;
};

/** `undefined` for what was sealed by another site, or not at all. */
export const openForSite = (
  sealed: Uint8Array,
  secret: Uint8Array,
  primitives: Primitives,
): Uint8Array | undefined =>
  openSealed(
    sealed.subarray(NONCE_SIZE),
    sealed.slice(0, NONCE_SIZE),
    keyOf(secret, primitives),
  )?.slice();
