/** HMAC-SHA-256 (RFC 2104). */

import { hash } from 'node:crypto';

const BLOCK_SIZE = 64;
const INNER = 0x36;
const OUTER = 0x5c;

/** Node's own is a stream, of which a start would have to compile much. */
export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const short = key.length > BLOCK_SIZE ? hash('sha256', key, 'buffer') : key;
  return keyed(short, OUTER, keyed(short, INNER, message));
};

const keyed = (key: Uint8Array, mask: number, message: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(BLOCK_SIZE + message.length).fill(mask, 0, BLOCK_SIZE);
  for (const [index, byte] of key.entries()) bytes[index] = byte ^ mask;
  bytes.set(message, BLOCK_SIZE);
  const code = new Uint8Array(hash('sha256', bytes, 'buffer'));
  // Nobody but the owner of the key may find it in memory.
  bytes.fill(0);
  return code;
};
