import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToHex, concatBytes, hexToBytes } from '../../protocol/bytes.ts';
import { pack, packInto, scan, unpack, unpackPadded, type Value } from '../../protocol/msgpack.ts';
import { anyValue } from './arbitrary.ts';

const RUNS = { numRuns: 2000 };
const read = (hex: string): Value | undefined => unpack(hexToBytes(hex) ?? new Uint8Array());

const msgpack = suite('msgpack');

msgpack('every value reads back, and the scan ends where it ends', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const bytes = pack(value);
      if (bytes.length > 4000) return;
      assert.is(scan(bytes), bytes.length);
      assert.equal(unpack(bytes), value);
    }),
    RUNS,
  );
});

msgpack('a value cut short anywhere is refused', () => {
  fc.assert(
    fc.property(anyValue, fc.nat(), (value, at) => {
      const bytes = pack(value);
      assert.is(unpack(bytes.subarray(0, at % bytes.length)), undefined);
    }),
    RUNS,
  );
});

msgpack('random bytes never throw, and what is read has these bytes and no others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const value = unpack(bytes);
      if (value !== undefined) assert.is(bytesToHex(pack(value)), bytesToHex(bytes));
    }),
    { numRuns: 20_000 },
  );
});

msgpack('mutated encodings are refused or canonical', () => {
  fc.assert(
    fc.property(anyValue, fc.nat(), fc.nat(255), (value, at, byte) => {
      const bytes = pack(value);
      bytes[at % bytes.length] = byte;
      const other = unpack(bytes);
      if (other !== undefined) assert.is(bytesToHex(pack(other)), bytesToHex(bytes));
    }),
    { numRuns: 10_000 },
  );
});

msgpack('text that is not UTF-8, or would be read without its first character, is refused', () => {
  for (const hex of ['a1ff', 'a2c080', 'a3eda080', 'a4f4908080', 'a2c3', 'a4efbbbf61'])
    assert.is(read(hex), undefined, hex);
  assert.is(read('a461efbbbf'), 'a\ufeff');
  assert.is(read('a2c3bc'), 'ü');
});

msgpack('half a surrogate pair and a leading byte-order mark are not packed', () => {
  for (const text of ['\ud800', 'a\udc00b', '\ufeff', '\ufeffabc'])
    assert.throws(() => pack(text), 'not a wire text');
  assert.equal(unpack(pack('\u{1f512}\ufeff')), '\u{1f512}\ufeff');
});

msgpack('what is no wire value is not packed', () => {
  for (const value of [-1, 0.5, 2 ** 32, Number.NaN, undefined, {}])
    assert.throws(() => pack(value as Value), 'not a wire value');
});

msgpack('padding is zero bytes and nothing else', () => {
  const value = [1, 'two'];
  const padded = concatBytes(pack(value), new Uint8Array(9));
  assert.equal(unpackPadded(padded), value);
  assert.is(unpack(padded), undefined);
  padded[padded.length - 1] = 1;
  assert.is(unpackPadded(padded), undefined);
});

msgpack('nothing is no value', () => {
  assert.is(unpack(new Uint8Array(0)), undefined);
  assert.is(unpackPadded(new Uint8Array(0)), undefined);
});

msgpack('a number of values is bounded, and a depth', () => {
  assert.ok(unpack(pack(Array(4095).fill(0))));
  assert.is(unpack(pack(Array(4096).fill(0))), undefined);
  assert.ok(read(`${'91'.repeat(8)}00`));
  assert.is(read(`${'91'.repeat(9)}00`), undefined);
  assert.is(read('91'.repeat(60_000)), undefined);
  assert.is(read('dcffff'.repeat(400)), undefined);
});

msgpack('what was read does not change with the bytes it came from', () => {
  const bytes = pack([new Uint8Array([1, 2, 3]), 'text']);
  const value = unpack(bytes);
  bytes.fill(0);
  assert.equal(value, [new Uint8Array([1, 2, 3]), 'text']);
});

msgpack('what was packed is a plain array of bytes, whose slice is a copy', () => {
  const bytes = pack([new Uint8Array([1, 2, 3])]);
  const copy = bytes.slice();
  bytes.fill(0);
  assert.equal(unpack(copy), [new Uint8Array([1, 2, 3])]);
  assert.is(Object.getPrototypeOf(bytes), Uint8Array.prototype);
});

msgpack('what was packed does not change with what is packed later', () => {
  const first = pack(['first']);
  const copy = bytesToHex(first);
  pack(['second, and longer']);
  assert.is(bytesToHex(first), copy);
});

msgpack('packing into a buffer leaves the rest alone', () => {
  const target = new Uint8Array(8).fill(9);
  assert.is(packInto([1], target, 3), 5);
  assert.equal([...target], [9, 9, 9, 0x91, 1, 9, 9, 9]);
});

msgpack.run();
