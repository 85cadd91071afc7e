import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hmacSha256 } from '../../../protocol/node/hmac.ts';

const hmac = suite('hmac');

hmac('is what OpenSSL makes of keys and messages of any length', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(bytes, bytes, (key, message) => {
      const expected = createHmac('sha256', key).update(message).digest();
      assert.equal(Buffer.from(hmacSha256(key, message)), expected);
    }),
  );
});

hmac('leaves key and message as they were', () => {
  const [key, message] = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  hmacSha256(key, message);
  assert.equal([[...key], [...message]], [[1, 2], [3]]);
});

hmac.run();
