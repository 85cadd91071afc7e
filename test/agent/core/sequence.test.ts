import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSequence, sequenceToValue } from '../../../agent/core/sequence.ts';
import { Fields } from '../../../protocol/fields.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';

const sequence = suite('sequence');

sequence('a sequence is the same after the store', () => {
  const there = (count: number): number => {
    const fields = new Fields(unpack(pack([sequenceToValue(count)])));
    const back = readSequence(fields);
    assert.ok(fields.complete);
    return back;
  };
  fc.assert(fc.property(fc.maxSafeNat(), (count) => assert.is(there(count), count)));
  for (const count of [0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER])
    assert.is(there(count), count);
  const beyond = new Fields(unpack(pack([[0x20_0000, 0]])));
  readSequence(beyond);
  assert.not(beyond.valid);
});

sequence.run();
