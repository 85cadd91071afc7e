/** Whom a datagram is for, told before anything in it is read. */

import { FRAME, REQUEST_KEY_AT, TAG_SIZE } from '../packet.ts';

/** How a session is known to agents: by the nonce of its search, and by its key. */
export interface Addressee {
  readonly nonce: Uint8Array;
  readonly clientKey: Uint8Array;
}

/** Behind the header: in a request the client's key, in a reply its start, in an offer the fields. */
const FIRST_AT = REQUEST_KEY_AT;

/** How an offer begins, whose first field is the nonce: a short list, and binary of 16 bytes. */
const SHORT_LIST = 0x90;
const NONCE_HEAD = [0xc4, 16];
const NONCE_AT = FIRST_AT + 1 + NONCE_HEAD.length;

/**
 * Whether a datagram can be for this session. The sessions of one application share a socket: with
 * hundreds of them each datagram is for one, and the others must not spend time on it.
 */
export const isAddressedTo = (bytes: Uint8Array, { nonce, clientKey }: Addressee): boolean => {
  if (bytes[3] === FRAME.reply) return holds(bytes, FIRST_AT, clientKey.subarray(0, TAG_SIZE));
  const isShort = ((bytes[FIRST_AT] ?? 0) & 0xf0) === SHORT_LIST;
  const isPlain = isShort && NONCE_HEAD.every((byte, i) => bytes[FIRST_AT + 1 + i] === byte);
  return !isPlain || holds(bytes, NONCE_AT, nonce);
};

const holds = (bytes: Uint8Array, at: number, part: Uint8Array): boolean => {
  for (let i = 0; i < part.length; i++) if (bytes[at + i] !== part[i]) return false;
  return true;
};
