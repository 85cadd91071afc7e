/**
 * MessagePack as Usher speaks it: nil, booleans, whole numbers 0 to 2³²−1, UTF-8 text, binary and
 * arrays, each in its shortest form; no maps, floats, negative numbers or extensions. One value has
 * one encoding. A scan bounds depth, count and types before anything is unpacked, because the
 * library honours extensions that build code, takes long forms and what is no UTF-8, and reads
 * beyond what we allow.
 * This is the only importer of msgpackr.
 */

import { Packr, Unpackr } from 'msgpackr/index-no-eval';
import { bytesToUtf8 } from './bytes.ts';
import { MSGPACK_DEPTH_MAX, MSGPACK_ITEMS_MAX } from './limits.ts';
import { isNumberList, readNumbers, writeNumbers } from './number-list.ts';
import { assert } from './result.ts';
import { isUint32 } from './units.ts';

export type Value = null | boolean | number | string | Uint8Array | readonly Value[];

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, copyBuffers: true });

/** The one encoding of a value, in bytes of its own. Throws on a value outside `Value`: a bug. */
export const pack = (value: Value): Uint8Array => {
  assertValue(value);
  // The library's result is a view into a buffer that it will use again, and on Node a `Buffer`,
  // whose `slice` is another view.
  return new Uint8Array(packr.pack(value));
};

/** Packs into `target` at `offset` and returns the end. The caller has made sure of the values. */
export const packInto = (value: Value, target: Uint8Array, offset: number): number => {
  if (isNumberList(value)) return writeNumbers(value, target, offset);
  const packed: Uint8Array = packr.pack(value);
  target.set(packed, offset);
  return offset + packed.length;
};

/** The value of exactly these bytes, or `undefined` when they are not one canonical value. */
export const unpack = (bytes: Uint8Array): Value | undefined => {
  if (scan(bytes) !== bytes.length) return undefined;
  return decode(bytes);
};

/** The value at the start of the first `length` bytes, when nothing but zero bytes follow it; else `undefined`. */
export const unpackPadded = (whole: Uint8Array, length = whole.length): Value | undefined => {
  const numbers = readNumbers(whole, length);
  if (numbers !== undefined) return numbers;
  const bytes = length === whole.length ? whole : whole.subarray(0, length);
  const end = scan(bytes);
  if (end === undefined) return undefined;
  for (let i = end; i < bytes.length; i++) if (bytes[i] !== 0) return undefined;
  return decode(end === bytes.length ? bytes : bytes.subarray(0, end));
};

const decode = (bytes: Uint8Array): Value | undefined => {
  try {
    return unpackr.unpack(bytes);
  } catch {
    return undefined;
  }
};

function assertValue(value: Value): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string')
    return assert(isWellFormed(value), `not a wire text: ${JSON.stringify(value)}`);
  if (value instanceof Uint8Array) return;
  if (Array.isArray(value)) for (const item of value) assertValue(item);
  else assert(isUint32(value), `not a wire value: ${String(value)}`);
}

/** Half of a surrogate pair has no UTF-8; a byte-order mark at the start is lost in reading. */
const isWellFormed = (text: string): boolean => !/^\ufeff|\p{Surrogate}/u.test(text);

/**
 * Walks one value and returns the offset behind it, or `undefined` when the bytes are cut short, too
 * deep, too many, of a type outside `Value`, or longer than the shortest form (MessagePack
 * specification, "Serialization: type to format conversion").
 */
export const scan = (bytes: Uint8Array): number | undefined => {
  const walk = { bytes, offset: 0, items: 0 };
  return walkValue(walk, 0) ? walk.offset : undefined;
};

interface Walk {
  readonly bytes: Uint8Array;
  offset: number;
  items: number;
}

const walkValue = (walk: Walk, depth: number): boolean => {
  if (walk.offset >= walk.bytes.length || ++walk.items > MSGPACK_ITEMS_MAX) return false;
  const head = walk.bytes[walk.offset++] ?? 0;
  if (head <= 0x7f) return true;
  if (head <= 0x8f) return false;
  if (head <= 0x9f) return walkItems(walk, head & 0x0f, depth);
  if (head <= 0xbf) return skipText(walk, head & 0x1f);
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return true;
    case 0xc4:
      return skipLong(walk, 1, 0);
    case 0xc5:
      return skipLong(walk, 2, 0x100);
    case 0xcc:
      return readUint(walk, 1) > 0x7f;
    case 0xcd:
      return readUint(walk, 2) > 0xff;
    case 0xce:
      return readUint(walk, 4) > 0xffff;
    case 0xd9:
      return skipLongText(walk, 1, 0x20);
    case 0xda:
      return skipLongText(walk, 2, 0x100);
    case 0xdc: {
      const count = readUint(walk, 2);
      return count > 0x0f && walkItems(walk, count, depth);
    }
    default:
      return false;
  }
};

const walkItems = (walk: Walk, count: number, depth: number): boolean => {
  if (depth >= MSGPACK_DEPTH_MAX || count > walk.bytes.length - walk.offset) return false;
  for (let i = 0; i < count; i++) if (!walkValue(walk, depth + 1)) return false;
  return true;
};

const skip = (walk: Walk, length: number): boolean => {
  walk.offset += length;
  return walk.offset <= walk.bytes.length;
};

const skipLong = (walk: Walk, width: number, least: number): boolean => {
  const length = readUint(walk, width);
  return length >= least && skip(walk, length);
};

const skipLongText = (walk: Walk, width: number, least: number): boolean => {
  const length = readUint(walk, width);
  return length >= least && skipText(walk, length);
};

/**
 * The library would put U+FFFD where bytes are no UTF-8 and drop a byte-order mark at the start of
 * a long text, so two encodings would have one value.
 */
const skipText = (walk: Walk, length: number): boolean => {
  const start = walk.offset;
  if (!skip(walk, length)) return false;
  for (let i = start; i < walk.offset; i++) {
    const isAscii = (walk.bytes[i] ?? 0) < 0x80;
    if (isAscii) continue;
    const text = bytesToUtf8(walk.bytes.subarray(i, walk.offset));
    return text !== undefined && !(i === start && text.startsWith('\ufeff'));
  }
  return true;
};

/** A big-endian number, or −1 when the bytes end before it does. */
const readUint = (walk: Walk, width: number): number => {
  if (walk.offset + width > walk.bytes.length) return -1;
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (walk.bytes[walk.offset++] ?? 0);
  return value;
};
