import { crc32 as nodeCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32 } from '../../../agent/edges/crc32.ts';

const sums = suite('CRC-32');

sums('is what zlib says, of bytes and of texts, one behind the other', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string({ unit: 'grapheme' }), (bytes, text) => {
      assert.is(crc32(bytes), nodeCrc32(bytes));
      assert.is(crc32(bytes, crc32(text)), nodeCrc32(bytes, nodeCrc32(text)));
    }),
  );
});

sums.run();
