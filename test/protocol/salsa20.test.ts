import fc from 'fast-check';
import nacl from 'tweetnacl';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToHex, hexToBytes } from '../../protocol/bytes.ts';
import { BLOCK_WORDS, writeStream } from '../../protocol/salsa20.ts';
import { anyBytes } from './arbitrary.ts';

const streamOf = (blocks: number, key: Uint8Array, nonce: Uint8Array): Uint8Array => {
  const words = new Int32Array(blocks * BLOCK_WORDS);
  writeStream(words, blocks, key, nonce);
  return Uint8Array.from([...words].flatMap((word) => [word, word >> 8, word >> 16, word >> 24]));
};

const stream = suite('salsa20');

stream('it is the stream of tweetnacl', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      anyBytes(32),
      anyBytes(24),
      (blocks, key, nonce) => {
        // What is sealed of zeros is the stream, from its second half of a block on.
        const zeros = new Uint8Array(64 * blocks - 32);
        const sealed = nacl.secretbox(zeros, nonce, key).subarray(16);
        assert.is(bytesToHex(streamOf(blocks, key, nonce).subarray(32)), bytesToHex(sealed));
      },
    ),
    { numRuns: 300 },
  );
});

stream('the first bytes of the example in NaCl (tests/stream3.c)', () => {
  const key = hexToBytes('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389');
  const nonce = hexToBytes('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37');
  const first = streamOf(1, key ?? zero, nonce ?? zero).subarray(0, 32);
  assert.is(bytesToHex(first), 'eea6a7251c1e72916d11c2cb214d3c252539121d8e234e652d651fa4c8cff880');
});

const zero = new Uint8Array(32);

stream.run();
