/**
 * A short list of whole numbers in MessagePack. Whoever holds a seat says and hears little else, so
 * these are written and read here, byte for byte as the library does, without its detours.
 */

import { isUint32 } from './units.ts';

/** Items that fit into the one byte before them. */
const ITEMS_MAX = 15;
const LIST = 0x90;
const UINT8 = 0xcc;
const UINT16 = 0xcd;
const UINT32 = 0xce;
/** The greatest number that is a byte of its own. */
const SMALL_MAX = 0x7f;

/** Whether `writeNumbers` can write it: numbers of 0 to 2³²−1, and not many. */
export const isNumberList = (value: unknown): value is readonly number[] => {
  if (!Array.isArray(value) || value.length > ITEMS_MAX) return false;
  for (let i = 0; i < value.length; i++) if (!isUint32(value[i])) return false;
  return true;
};

/** Writes the numbers into `target` at `offset`, each in its shortest form, and returns the end. */
export const writeNumbers = (
  numbers: readonly number[],
  target: Uint8Array,
  offset: number,
): number => {
  let end = offset;
  target[end++] = LIST | numbers.length;
  for (let i = 0; i < numbers.length; i++) end = writeNumber(numbers[i] ?? 0, target, end);
  return end;
};

const writeNumber = (number: number, target: Uint8Array, offset: number): number => {
  if (number <= SMALL_MAX) {
    target[offset] = number;
    return offset + 1;
  }
  const width = number <= 0xff ? 1 : number <= 0xffff ? 2 : 4;
  target[offset] = width === 1 ? UINT8 : width === 2 ? UINT16 : UINT32;
  for (let i = 1; i <= width; i++) target[offset + i] = number >>> (8 * (width - i));
  return offset + 1 + width;
};

/**
 * The numbers that `bytes` before `end` consist of, but for zero bytes behind them; `undefined` where they are
 * anything else, or not in their shortest form.
 */
export const readNumbers = (
  bytes: Uint8Array,
  end = bytes.length,
): readonly number[] | undefined => {
  const count = (bytes[0] ?? 0) - LIST;
  if (end === 0 || count < 0 || count > ITEMS_MAX) return undefined;
  const numbers: number[] = [];
  let offset = 1;
  for (let i = 0; i < count; i++) {
    const head = bytes[offset] ?? UINT8;
    const width = widthOf(head);
    if (width < 0 || offset + width >= end) return undefined;
    const number = width === 0 ? head : readNumber(bytes, offset + 1, width);
    if (number <= greatestBelow(width)) return undefined;
    numbers.push(number);
    offset += 1 + width;
  }
  for (let i = offset; i < end; i++) if (bytes[i] !== 0) return undefined;
  return numbers;
};

/** Bytes of the number behind its head; −1 for a head of something else. */
const widthOf = (head: number): number => {
  if (head <= SMALL_MAX) return 0;
  return head === UINT8 ? 1 : head === UINT16 ? 2 : head === UINT32 ? 4 : -1;
};

/** What a number of this width must exceed, or a shorter form would do. */
const greatestBelow = (width: number): number =>
  width === 0 ? -1 : width === 1 ? SMALL_MAX : width === 2 ? 0xff : 0xffff;

const readNumber = (bytes: Uint8Array, at: number, width: number): number => {
  let number = 0;
  for (let i = 0; i < width; i++) number = number * 256 + (bytes[at + i] ?? 0);
  return number;
};
