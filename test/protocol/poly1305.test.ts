import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import { computeTag, TAG_WORDS } from '../../protocol/poly1305.ts';
import { readWord } from '../../protocol/salsa20.ts';

const tagOf = (text: Uint8Array, key: Uint8Array, textAt = 0): string => {
  const tag = new Int32Array(TAG_WORDS);
  const words = Int32Array.from({ length: 8 }, (_, i) => readWord(key, 4 * i));
  computeTag(tag, text, textAt, text.length - textAt, words);
  return [...tag]
    .map((word) => bytesToHex(Uint8Array.of(word, word >> 8, word >> 16, word >> 24)))
    .join('');
};

const toNumber = (bytes: Uint8Array): bigint =>
  BigInt(`0x0${bytesToHex(Uint8Array.from(bytes).reverse())}`);

/** RFC 8439, section 2.5, word for word, on whole numbers without end. */
const referenceTag = (text: Uint8Array, key: Uint8Array): string => {
  const r = toNumber(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < text.length; at += 16) {
    const block = toNumber(concatBytes(text.subarray(at, at + 16), Uint8Array.of(1)));
    sum = ((sum + block) * r) % ((1n << 130n) - 5n);
  }
  const tag = (sum + toNumber(key.subarray(16))) & ((1n << 128n) - 1n);
  return bytesToHex(
    Uint8Array.from({ length: 16 }, (_, i) => Number((tag >> BigInt(8 * i)) & 255n)),
  );
};

const tags = suite('poly1305');

/** Bytes at the ends of their range make carries that others hardly ever make. */
const edgy = (size: { readonly minLength: number; readonly maxLength: number }) =>
  fc
    .array(
      fc.oneof(fc.constantFrom(0, 1, 2, 3, 5, 0xfa, 0xfb, 0xfc, 0xfe, 0xff), fc.nat(255)),
      size,
    )
    .map((bytes) => Uint8Array.from(bytes));

tags('it is what RFC 8439 says, with carries of every kind', () => {
  const text = edgy({ minLength: 0, maxLength: 100 });
  const key = edgy({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(text, key, (bytes, secret) => {
      assert.is(tagOf(bytes, secret), referenceTag(bytes, secret));
    }),
    { numRuns: 5000 },
  );
});

tags('sums at the prime itself, and a datagram of the highest limbs', () => {
  const whole = new Uint8Array(1168).fill(0xff);
  for (const first of [1, 2, 4, 0xfc, 0xff]) {
    for (const rest of [0, 0xff]) {
      for (const added of [0, 1, 0xff]) {
        const key = new Uint8Array(32).fill(added, 16).fill(rest, 0, 16);
        key[0] = first;
        for (const last of [0xfa, 0xfb, 0xfc, 0xff]) {
          for (const size of [0, 1, 15, 16, 17, 32, 48, 1168]) {
            const text = whole.slice(0, size);
            if (size > 0) text[size > 16 ? size - 16 : 0] = last;
            assert.is(
              tagOf(text, key),
              referenceTag(text, key),
              `${first} ${rest} ${last} ${size}`,
            );
          }
        }
      }
    }
  }
});

tags('the example of RFC 8439, section 2.5.2, where it stands behind something else', () => {
  const key = hexToBytes('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b');
  const text = utf8ToBytes('...Cryptographic Forum Research Group');
  assert.is(tagOf(text, key ?? text, 3), 'a8061dc1305136c6c22b8baf0c0127a9');
});

tags.run();
