/** MessagePack values in their one encoding, and encodings that must be refused. */

import { bytesToHex } from '../../protocol/bytes.ts';
import { pack, type Value } from '../../protocol/msgpack.ts';
import { fixedBytes, type VectorFile, valueToJson } from './fixed.ts';

const VALUES: Readonly<Record<string, Value>> = {
  nil: null,
  false: false,
  true: true,
  'smallest number': 0,
  'largest number in the head': 127,
  'smallest one-byte number': 128,
  'largest one-byte number': 255,
  'smallest two-byte number': 256,
  'largest two-byte number': 65_535,
  'smallest four-byte number': 65_536,
  'largest number': 4_294_967_295,
  'empty text': '',
  'text of 31 bytes': 'x'.repeat(31),
  'text of 32 bytes': 'x'.repeat(32),
  'text of 30 characters in 60 bytes': 'ü'.repeat(30),
  'text of 255 bytes': 'x'.repeat(255),
  'text of 256 bytes': 'x'.repeat(256),
  'text with a character above U+FFFF': 'a\u{1f512}b',
  'empty binary': new Uint8Array(0),
  'binary of 255 bytes': new Uint8Array(255).fill(0xa5),
  'binary of 256 bytes': new Uint8Array(256).fill(0xa5),
  'empty array': [],
  'array of 15': Array.from({ length: 15 }, (_, i) => i),
  'array of 16': Array.from({ length: 16 }, (_, i) => i),
  'arrays eight deep': [[[[[[[[7]]]]]]]],
  'a bit of everything': [1, null, [true, 'text'], fixedBytes('binary', 4)],
};

/** `reason`, then the bytes in hexadecimal. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['nothing at all', ''],
  ['a byte after the value', '0100'],
  ['number that fits its head, in one byte', 'cc7f'],
  ['one-byte number in two', 'cd00ff'],
  ['two-byte number in four', 'ce0000ffff'],
  ['64-bit number', 'cf0000000100000000'],
  ['negative number in the head', 'ff'],
  ['negative number', 'd0ff'],
  ['32-bit float', 'ca3f800000'],
  ['64-bit float', 'cb3ff0000000000000'],
  ['never-used head', 'c1'],
  ['map', '8101c0'],
  ['empty map', '80'],
  ['16-bit map', 'de0000'],
  ['extension (a record definition)', 'd4720391a161'],
  ['extension (timestamp)', 'd6ff00000000'],
  ['extension with a length', 'c70100ff'],
  ['number cut short', 'ce000100'],
  ['text cut short', 'a361'],
  ['short text with a length byte', 'd90161'],
  ['text of 32 bytes with two length bytes', `da0020${'61'.repeat(32)}`],
  ['text with a 32-bit length', 'db0000000161'],
  ['text that is not UTF-8', 'a1ff'],
  ['text with an overlong sequence', 'a2c080'],
  ['text with half a surrogate pair', 'a3eda080'],
  ['text beyond U+10FFFF', 'a4f4908080'],
  ['text that ends within a character', 'a2c3'],
  ['text that begins with U+FEFF', 'a4efbbbf61'],
  ['binary cut short', 'c402ff'],
  ['short binary with two length bytes', 'c50001ff'],
  ['binary with a 32-bit length', 'c600000001ff'],
  ['array cut short', '9201'],
  ['short array with a count', 'dc000101'],
  ['array with a 32-bit count', 'dd0000000101'],
  ['array of 65,535 items in five bytes', 'dcffff0000'],
  ['arrays nine deep', `${'91'.repeat(9)}07`],
  ['4,097 values', `dc1000${'00'.repeat(4096)}`],
];

/** `msgpack.json`. */
export const msgpackVectors = (): VectorFile => ({
  about: 'The one encoding of each value. Binary is written as {"hex": …}.',
  valid: Object.entries(VALUES).map(([name, value]) => ({
    name,
    value: valueToJson(value),
    hex: bytesToHex(pack(value)),
  })),
  invalid: REFUSED.map(([reason, hex]) => ({ reason, hex })),
});
