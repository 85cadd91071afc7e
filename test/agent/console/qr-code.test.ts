import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { qrCode } from '../../../agent/console/qr/qr-code.ts';

const textOf = (length: number): string =>
  Array.from({ length }, (_, i) => 'ABCDefgh0123+/=\n-'[(i * 7 + length) % 17]).join('');

/** By the length of a text: its code's hash. Another program (jsQR 1.4) has read each of them. */
const READ = [
  [1, '578bddf53813491b'],
  [17, 'aaca6c956a95421a'],
  [18, '2dfc2381c7792ae1'],
  [60, '17adfa2764382550'],
  [100, 'bac7d36abdb14399'],
  [230, '8d5868b56196256e'],
  [231, '287c2b77a4170405'],
  [500, '6370b17dbb4f7939'],
  [900, '8daa594b34a9a82a'],
  [1400, 'b29007751447379a'],
  [2000, 'ced833371e4df62c'],
  [2953, '1aa5b52d9aea9d31'],
] as const;

test('QR codes of every size are those that another program has read', () => {
  for (const [length, expected] of READ) {
    const squares = qrCode(textOf(length))
      ?.map((row) => row.map(Number).join(''))
      .join('\n');
    const hash = createHash('sha256')
      .update(squares ?? '')
      .digest('hex');
    assert.is(hash.slice(0, 16), expected, `${length} characters`);
  }
});

test('a text that is too long for a code has none', () => {
  assert.is(qrCode('x'.repeat(2954)), undefined);
  assert.is(qrCode('ü'.repeat(1477)), undefined);
});

test.run();
