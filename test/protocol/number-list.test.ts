import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pack, scan, unpack } from '../../protocol/msgpack.ts';
import { isNumberList, readNumbers, writeNumbers } from '../../protocol/number-list.ts';

const number = fc.oneof(
  fc.nat(0x80),
  fc.nat(0x100),
  fc.nat(0x10000),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const numbers = fc.array(number, { maxLength: 15 });

const written = (list: readonly number[]): Uint8Array => {
  const target = new Uint8Array(100);
  return target.slice(0, writeNumbers(list, target, 0));
};

test('numbers are written as the library writes them, and read again', () => {
  fc.assert(
    fc.property(numbers, fc.nat(8), (list, padding) => {
      assert.equal(written(list), pack(list));
      const padded = new Uint8Array([...written(list), ...new Uint8Array(padding)]);
      assert.equal(readNumbers(padded), list);
    }),
  );
});

test('whatever is read is what the general reader says, of any bytes', () => {
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x91, 0x92, 0x93, 0xcc, 0xcd, 0xce, 0, 0x7f));
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 24 }), (list) => {
      const bytes = new Uint8Array(list);
      const read = readNumbers(bytes);
      if (read === undefined) return;
      const end = scan(bytes) ?? -1;
      assert.equal(unpack(bytes.subarray(0, end)), read);
      assert.ok(bytes.subarray(end).every((one) => one === 0));
    }),
    { numRuns: 2000 },
  );
});

test('long forms, other types and what is cut short are not numbers', () => {
  for (const bytes of [
    [],
    [0x91],
    [0x91, 0xcc, 0x7f],
    [0x91, 0xcd, 0, 0xff],
    [0x91, 0xce, 0, 0, 1],
  ])
    assert.is(readNumbers(new Uint8Array(bytes)), undefined);
  assert.is(readNumbers(new Uint8Array([0x91, 0xce, 0, 0, 0xff, 0xff])), undefined);
  assert.is(readNumbers(new Uint8Array([0x91, 0xc0])), undefined);
  assert.is(readNumbers(new Uint8Array([0x91, 1, 2])), undefined);
  for (const value of [null, 'x', [1, 'x'], [-1], [0.5], [2 ** 32], Array(16).fill(1)])
    assert.not.ok(isNumberList(value));
});

test.run();
