import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectNotices, levelVersion, renderNotices } from '../../scripts/build/notices.ts';

test('each work that ships brings its terms, those inside an addon as well', async () => {
  const notices = await collectNotices(process.cwd(), ['tweetnacl', 'classic-level', 'tweetnacl']);
  assert.equal(
    notices.map(({ name }) => name),
    ['classic-level', 'LevelDB, in classic-level', 'Snappy, in classic-level', 'tweetnacl'],
  );
  for (const { name, text } of notices) assert.ok(text.length > 200, name);
  const text = renderNotices(notices);
  assert.match(text, /^ {2}tweetnacl \d/m);
  assert.match(text, 'The LevelDB Authors');
  assert.match(await levelVersion(process.cwd()), /^1\.\d+$/);
});

test('a work without terms stops the build', async () => {
  const root = await mkdtemp(join(tmpdir(), 'usher-notices-'));
  try {
    const folder = join(root, 'node_modules', 'bare');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"version":"1.0.0"}');
    const why = await collectNotices(root, ['bare']).catch((error: Error) => error.message);
    assert.is(why, 'bare would ship without its terms: it has no LICENSE.');
  } finally {
    await rm(root, { recursive: true });
  }
});

test.run();
