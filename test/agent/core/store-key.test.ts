import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readStoreKey, storeKey } from '../../../agent/core/store-key.ts';

const keys = suite('store key');

const anyText = fc.string({
  unit: fc.constantFrom('a', 'A', '/', '\n', '\0', 'ü', '株'),
  maxLength: 6,
});

keys('a key gives back its texts, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (texts) => {
      assert.equal(readStoreKey('user/', storeKey('user/', ...texts)), texts);
    }),
  );
});

keys('what is no such key gives nothing', () => {
  for (const key of ['users/61', 'user/6', 'user/6g', 'user/ff', 'user/4A'])
    assert.is(readStoreKey('user/', key), undefined, key);
});

keys.run();
