import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { plainText } from '../../../agent/core/percent-text.ts';

test('what is encoded is decoded, and a sign that encodes nothing stands for itself', () => {
  const texts = [
    ['', ''],
    ['acme%20cad', 'acme cad'],
    ['%C3%A4%25', 'ä%'],
    ['100%', '100%'],
    ['%zz%41', '%zzA'],
    ['%E4x%41', '%E4xA'],
  ] as const;
  for (const [encoded, plain] of texts) assert.is(plainText(encoded), plain);
});

test.run();
