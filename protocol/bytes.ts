/** Small, allocation-aware helpers on `Uint8Array`; the pure code knows no `Buffer`. */

const encoder = new TextEncoder();
// A byte-order mark is a character like any other: dropping it would change the text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const utf8ToBytes = (text: string): Uint8Array => encoder.encode(text);

/** The text of UTF-8 bytes, or `undefined` where they are not UTF-8. */
export const bytesToUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
};

export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

const POOL_SIZE = 65_536;
let pool = new ArrayBuffer(POOL_SIZE);
let poolUsed = POOL_SIZE;

/**
 * Fresh zero bytes for something small that leaves soon, cut from a larger piece. An engine keeps a
 * small array of its own inside its heap and must move it out, at some cost, before a socket can
 * send it. While one of the cuts is kept, its whole piece is.
 */
export const cutBytes = (size: number): Uint8Array => {
  if (poolUsed + size > POOL_SIZE) {
    pool = new ArrayBuffer(Math.max(POOL_SIZE, size));
    poolUsed = 0;
  }
  const bytes = new Uint8Array(pool, poolUsed, size);
  poolUsed += size;
  return bytes;
};

/** Compares in a time that depends on the lengths only, so it may compare secrets. */
export const equalBytes = (left: Uint8Array, right: Uint8Array): boolean => {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
};

const HEX_DIGITS = utf8ToBytes('0123456789abcdef');

/** Hexadecimal digits, two a byte. Made in one piece: texts put together bit by bit are garbage. */
export const bytesToHex = (bytes: Uint8Array): string => {
  const digits = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    digits[2 * i] = HEX_DIGITS[byte >>> 4] ?? 0;
    digits[2 * i + 1] = HEX_DIGITS[byte & 15] ?? 0;
  }
  return decoder.decode(digits);
};

/** The bytes of an even number of hexadecimal digits, or `undefined`. */
export const hexToBytes = (text: string): Uint8Array | undefined => {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
};

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 (RFC 4648, section 4) without padding: no `=` for mail programs to mistake. */
export const bytesToBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(4, bytes.length - i + 1);
    for (let d = 0; d < digits; d++) text += BASE64[(group >> (18 - 6 * d)) & 63];
  }
  return text;
};

/** The bytes of unpadded base64 in its one canonical spelling, or `undefined`. */
export const base64ToBytes = (text: string): Uint8Array | undefined => {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let offset = 0;
  for (const digit of text) {
    const value = BASE64.indexOf(digit);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[offset++] = (bits >> count) & 0xff;
    }
  }
  return (bits & ((1 << count) - 1)) === 0 ? bytes : undefined;
};

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';
const BASE32_DIGITS = utf8ToBytes(BASE32);

/** Crockford's base32 in lower case: what people read, type and say aloud. In one piece as well. */
export const bytesToBase32 = (bytes: Uint8Array): string => {
  const digits = new Uint8Array(Math.ceil((8 * bytes.length) / 5));
  let length = 0;
  let bits = 0;
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    bits = ((bits << 8) | (bytes[i] ?? 0)) & 0xfffff;
    count += 8;
    while (count >= 5) {
      count -= 5;
      digits[length++] = BASE32_DIGITS[(bits >> count) & 31] ?? 0;
    }
  }
  if (count > 0) digits[length++] = BASE32_DIGITS[(bits << (5 - count)) & 31] ?? 0;
  return decoder.decode(digits);
};

/** Reads what `bytesToBase32` wrote, in either case; `undefined` for any other text. */
export const base32ToBytes = (text: string): Uint8Array | undefined => {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let count = 0;
  let offset = 0;
  for (const digit of text.toLowerCase()) {
    const value = BASE32.indexOf(digit);
    if (value < 0) return undefined;
    bits = ((bits << 5) | value) & 0xfffff;
    count += 5;
    if (count >= 8) {
      count -= 8;
      bytes[offset++] = (bits >> count) & 0xff;
    }
  }
  return count < 5 && (bits & ((1 << count) - 1)) === 0 ? bytes : undefined;
};
