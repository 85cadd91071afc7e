import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  base64ToBytes,
  bytesToBase32,
  bytesToBase64,
  bytesToHex,
  bytesToUtf8,
  concatBytes,
  equalBytes,
  hexToBytes,
  utf8ToBytes,
} from '../../protocol/bytes.ts';

const some = fc.uint8Array({ maxLength: 200 });
const bytes = suite('bytes');

bytes('hexadecimal is what Node writes, and reads back in either case', () => {
  fc.assert(
    fc.property(some, (input) => {
      const text = bytesToHex(input);
      assert.is(text, Buffer.from(input).toString('hex'));
      assert.equal(hexToBytes(text), input);
      assert.equal(hexToBytes(text.toUpperCase()), input);
    }),
  );
});

bytes('what is no hexadecimal has no bytes', () => {
  for (const text of ['a', '0g', '0x', ' 00', '00\n']) assert.is(hexToBytes(text), undefined, text);
});

bytes('base64 is what Node writes without padding, and reads back', () => {
  fc.assert(
    fc.property(some, (input) => {
      const text = bytesToBase64(input);
      assert.is(text, Buffer.from(input).toString('base64').replaceAll('=', ''));
      assert.equal(base64ToBytes(text), input);
    }),
  );
});

bytes('base64 has one spelling', () => {
  const spoiled = {
    padding: 'QQ==',
    'length 4n + 1': 'QUFBQ',
    'unused bits': 'QR',
    'other alphabet': 'Q-',
  };
  for (const [why, text] of Object.entries(spoiled)) assert.is(base64ToBytes(text), undefined, why);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = base64ToBytes(text);
      if (read !== undefined) assert.is(bytesToBase64(read), text);
    }),
  );
});

bytes('base32 keeps the order of the bits and fills the last group with zeros', () => {
  assert.is(bytesToBase32(new Uint8Array([])), '');
  assert.is(bytesToBase32(new Uint8Array([0xff])), 'zw');
  assert.is(bytesToBase32(new Uint8Array([0, 1, 2, 3, 4])), '000g40r4');
  fc.assert(
    fc.property(some, (input) => {
      const bits = [...input].map((byte) => byte.toString(2).padStart(8, '0')).join('');
      const groups = bits.match(/.{1,5}/g) ?? [];
      const digits = groups.map((group) => Number.parseInt(group.padEnd(5, '0'), 2));
      const text = digits.map((digit) => '0123456789abcdefghjkmnpqrstvwxyz'[digit]).join('');
      assert.is(bytesToBase32(input), text);
    }),
  );
});

bytes('UTF-8 reads back whole, a byte-order mark included', () => {
  for (const text of ['', 'ä', '\u{1f512}', '\ufeffa', '\u0000'])
    assert.is(bytesToUtf8(utf8ToBytes(text)), text);
  assert.is(bytesToUtf8(new Uint8Array([0xff])), undefined);
  assert.is(bytesToUtf8(new Uint8Array([0xed, 0xa0, 0x80])), undefined);
});

bytes('joining and comparing', () => {
  fc.assert(
    fc.property(some, some, (left, right) => {
      const joined = concatBytes(left, right);
      assert.ok(equalBytes(joined.subarray(0, left.length), left));
      assert.ok(equalBytes(joined.subarray(left.length), right));
      assert.is(equalBytes(left, right), bytesToHex(left) === bytesToHex(right));
    }),
  );
  assert.not(equalBytes(new Uint8Array(2), new Uint8Array(3)));
});

bytes.run();
