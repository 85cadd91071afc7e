import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { documentHash, keyId, leaseId, licenseId } from '../../protocol/ids.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';

const ids = suite('ids');

ids('each has the length that the page says', () => {
  const key = new Uint8Array(32).fill(0xab);
  assert.is(licenseId(new Uint8Array(16)), '0'.repeat(26));
  assert.match(leaseId(key), /^[0-9a-hjkmnp-tv-z]{16}$/);
  assert.match(keyId(nativePrimitives.sha512, key), /^[0-9a-hjkmnp-tv-z]{16}$/);
  assert.is(documentHash(key), 'ab'.repeat(32));
});

ids('a lease is named by the start of its key only', () => {
  const key = new Uint8Array(32).fill(1);
  const other = key.slice();
  other[31] = 2;
  assert.is(leaseId(key), leaseId(other));
  other[9] = 2;
  assert.is.not(leaseId(key), leaseId(other));
});

ids.run();
