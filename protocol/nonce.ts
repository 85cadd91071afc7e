/** Nonces: the epoch of who is spoken to, and a number that no two datagrams of a session share. */

import { EPOCH_SIZE, NONCE_SIZE } from './limits.ts';

/** `epoch ‖ number` as eight big-endian bytes; no two datagrams of one session key share it. */
export const buildNonce = (epoch: Uint8Array, number: number): Uint8Array => {
  const nonce = new Uint8Array(NONCE_SIZE);
  nonce.set(epoch);
  writeNumber(nonce, number);
  return nonce;
};

/** Puts a number into the second half of a nonce. */
export const writeNumber = (nonce: Uint8Array, number: number): void => {
  let high = Math.floor(number / 0x1_0000_0000);
  let low = number >>> 0;
  for (let i = 3; i >= 0; i--) {
    nonce[EPOCH_SIZE + i] = high & 0xff;
    nonce[EPOCH_SIZE + 4 + i] = low & 0xff;
    high >>>= 8;
    low >>>= 8;
  }
};

/** The number in the second half of the nonce at `at`, or `undefined` above 2⁵³−1. */
export const readNumber = (nonce: Uint8Array, at = 0): number | undefined => {
  let number = 0;
  for (let i = EPOCH_SIZE; i < NONCE_SIZE; i++) number = number * 256 + (nonce[at + i] ?? 0);
  return Number.isSafeInteger(number) ? number : undefined;
};
