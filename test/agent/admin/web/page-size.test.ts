import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pageFiles } from '../../../../agent/admin/web/page-assets.ts';
import { buildPage } from '../../../../scripts/build/page.ts';

const BYTES_MAX = 100_000;

test('the whole page comes in under 100 kB, compressed, and needs nothing from elsewhere', async () => {
  const files = await buildPage(process.cwd());
  assert.equal(Object.keys(files).sort(), Object.keys(pageFiles()).sort(), 'as it was built');
  const bytes = Object.values(files).map(({ content }) => Buffer.from(content, 'base64').length);
  const sum = bytes.reduce((one, other) => one + other, 0);
  assert.ok(sum < BYTES_MAX, `${sum} bytes`);
  console.log(`the page takes ${sum} bytes, compressed`);
});

test.run();
