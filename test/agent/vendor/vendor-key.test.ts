import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodeVendorKey,
  describePublicKey,
  encodeVendorKey,
} from '../../../agent/vendor/vendor-key.ts';
import { armor } from '../../../protocol/armor.ts';
import { pack } from '../../../protocol/msgpack.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';

const SEED = Uint8Array.from({ length: 32 }, (_, i) => i);
const keys = nativePrimitives.signingKeys(SEED);
const asFile = (value: Parameters<typeof pack>[0]): string =>
  armor('key', pack(value), nativePrimitives);

test('a key comes back from its file as it went in', () => {
  const text = encodeVendorKey(keys, nativePrimitives);
  assert.match(text, /^-----BEGIN USHER SIGNING KEY-----\n/);
  const again = decodeVendorKey(text.replaceAll('\n', '\r\n'), nativePrimitives);
  assert.equal(again?.publicKey, keys.publicKey);
});

test('what holds no key of this form is none', () => {
  for (const text of [
    '',
    'hello',
    encodeVendorKey(keys, nativePrimitives).replaceAll('SIGNING KEY', 'LICENSE'),
    asFile(['usher-signing-key', 2, SEED]),
    asFile(['usher-signing-key', 1, SEED.slice(1)]),
    asFile(['usher-signing-key', 1, SEED, 0]),
    asFile(['usher-other-key', 1, SEED]),
  ]) {
    assert.is(decodeVendorKey(text, nativePrimitives), undefined, text);
  }
});

test('the public key is told in base64 without padding, with a short name', () => {
  const { publicKey, keyId } = describePublicKey(keys.publicKey, nativePrimitives);
  assert.is(publicKey, Buffer.from(keys.publicKey).toString('base64').replace(/=+$/, ''));
  assert.match(keyId, /^[a-z0-9]{16}$/);
});

test.run();
