/** Writes the header structure of RPM packages: an index of tags over a store of values. */

import { padding, zeros } from './tar.ts';

/** A value with the type that its tag wants. */
export type RpmValue =
  | { readonly type: 'int16' | 'int32'; readonly numbers: readonly number[] }
  | { readonly type: 'string' | 'i18n'; readonly text: string }
  | { readonly type: 'strings'; readonly texts: readonly string[] }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array };

const TYPES = { int16: 3, int32: 4, string: 6, bytes: 7, strings: 8, i18n: 9 } as const;
const UNITS = { int16: 2, int32: 4, string: 1, bytes: 1, strings: 1, i18n: 1 } as const;
const MAGIC = [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];
const INDEX_SIZE = 16;

/** The header; `region` is the tag that spans it, 62 in signatures and 63 in the rest. */
export const rpmHeader = (region: 62 | 63, tags: ReadonlyMap<number, RpmValue>): Uint8Array => {
  const sorted = [...tags].sort(([a], [b]) => a - b);
  const indexes: Uint8Array[] = [];
  const store: Uint8Array[] = [];
  let size = 0;
  const put = (bytes: Uint8Array): void => {
    store.push(bytes);
    size += bytes.length;
  };
  for (const [tag, value] of sorted) {
    put(zeros(padding(size, UNITS[value.type])));
    indexes.push(numbersToBytes([tag, TYPES[value.type], size, countOf(value)], 4));
    put(bytesOf(value));
  }
  const count = indexes.length + 1;
  indexes.unshift(numbersToBytes([region, TYPES.bytes, size, INDEX_SIZE], 4));
  // Its own trailer points back to the first index.
  put(numbersToBytes([region, TYPES.bytes, -count * INDEX_SIZE, INDEX_SIZE], 4));
  return Buffer.concat([
    Buffer.from(MAGIC),
    numbersToBytes([count, size], 4),
    ...indexes,
    ...store,
  ]);
};

const countOf = (value: RpmValue): number => {
  switch (value.type) {
    case 'int16':
    case 'int32':
      return value.numbers.length;
    case 'string':
    case 'i18n':
      return 1;
    case 'strings':
      return value.texts.length;
    case 'bytes':
      return value.bytes.length;
  }
};

const bytesOf = (value: RpmValue): Uint8Array => {
  switch (value.type) {
    case 'int16':
    case 'int32':
      return numbersToBytes(value.numbers, UNITS[value.type]);
    case 'string':
    case 'i18n':
      return Buffer.from(`${value.text}\0`);
    case 'strings':
      return Buffer.from(value.texts.map((text) => `${text}\0`).join(''));
    case 'bytes':
      return value.bytes;
  }
};

const numbersToBytes = (numbers: readonly number[], width: 2 | 4): Uint8Array => {
  const bytes = Buffer.alloc(numbers.length * width);
  for (const [i, number] of numbers.entries()) {
    if (width === 2) bytes.writeUInt16BE(number, i * 2);
    else bytes.writeInt32BE(number | 0, i * 4);
  }
  return bytes;
};
