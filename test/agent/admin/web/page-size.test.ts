import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PageFiles, pageFiles } from '../../../../agent/admin/web/page-assets.ts';
import { buildPage } from '../../../../scripts/build/page.ts';

const BYTES_MAX = 100_000;

const sizeOf = (files: PageFiles): number =>
  Object.values(files).reduce((sum, one) => sum + Buffer.from(one.content, 'base64').length, 0);

test('the whole page comes in under 100 kB, compressed, and needs nothing from elsewhere', async () => {
  const files = await buildPage(process.cwd());
  const [console_, master] = [pageFiles('console'), pageFiles('master')];
  assert.equal(Object.keys(console_).sort(), [
    '/',
    '/console.css',
    '/console.js',
    '/icon.svg',
    '/shared.js',
  ]);
  const ofMaster = ['/', '/console.css', '/icon.svg', '/master.css', '/master.js', '/shared.js'];
  assert.equal(Object.keys(master).sort(), ofMaster);
  const [all, one, other] = [files, console_, master].map(sizeOf);
  assert.ok((all ?? BYTES_MAX) < BYTES_MAX, `${all} bytes`);
  console.log(`compressed: the agent's ${one} bytes, the master's ${other}, both ${all}`);
});

test.run();
