/** A text as a QR code (ISO/IEC 18004): bytes, the lowest correction, the smallest version that holds it. */

import { correct } from './correction.ts';
import { drawMatrix, type Matrix } from './matrix.ts';

export const VERSION_MAX = 40;
/** By version: bytes of correction in a block, and blocks. */
const CORRECTION = [
  0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30,
  26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
] as const;
const BLOCKS = [
  0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14,
  15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
] as const;
const BYTE_MODE = 4;
const PADS = [0xec, 0x11] as const;

/** The squares, `true` for dark; `undefined` where the text is too long for any code. */
export const qrCode = (text: string): Matrix | undefined => {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= VERSION_MAX; version++) {
    const capacity = dataBytes(version);
    if (headBits(version) + bytes.length * 8 > capacity * 8) continue;
    return drawMatrix(version, interleave(frame(bytes, version, capacity), version));
  }
  return undefined;
};

const headBits = (version: number): number => 4 + (version < 10 ? 8 : 16);

/** Squares that are neither pattern nor format. */
const freeModules = (version: number): number => {
  const all = (16 * version + 128) * version + 64;
  if (version < 2) return all;
  const marks = Math.floor(version / 7) + 2;
  const withoutMarks = all - ((25 * marks - 10) * marks - 55);
  return version < 7 ? withoutMarks : withoutMarks - 36;
};

const dataBytes = (version: number): number =>
  Math.floor(freeModules(version) / 8) - (CORRECTION[version] ?? 0) * (BLOCKS[version] ?? 0);

/** Mode, length, the bytes, an end, and pads to fill it. */
const frame = (bytes: Uint8Array, version: number, capacity: number): Uint8Array => {
  const data = new Uint8Array(capacity);
  let at = 0;
  const put = (value: number, bits: number): void => {
    for (let i = bits - 1; i >= 0; i--, at++) {
      if (((value >>> i) & 1) === 1) data[at >> 3] = (data[at >> 3] ?? 0) | (0x80 >> (at & 7));
    }
  };
  put(BYTE_MODE, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  // The end is four zeros, and zeros to the next byte: they are there already.
  for (let i = Math.ceil((at + 4) / 8), n = 0; i < capacity; i++, n++) data[i] = PADS[n % 2] ?? 0;
  return data;
};

/** Blocks with their correction, a byte of each in turn. */
const interleave = (data: Uint8Array, version: number): Uint8Array => {
  const [size, count] = [CORRECTION[version] ?? 0, BLOCKS[version] ?? 1];
  const all = Math.floor(freeModules(version) / 8);
  const short = count - (all % count);
  const shortSize = Math.floor(all / count) - size;
  const blocks: Uint8Array[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const end = at + shortSize + (i < short ? 0 : 1);
    blocks.push(data.slice(at, end));
    at = end;
  }
  const checks = blocks.map((block) => correct(block, size));
  const result: number[] = [];
  for (let i = 0; i <= shortSize; i++) {
    for (const block of blocks) if (i < block.length) result.push(block[i] ?? 0);
  }
  for (let i = 0; i < size; i++) for (const check of checks) result.push(check[i] ?? 0);
  return Uint8Array.from(result);
};
