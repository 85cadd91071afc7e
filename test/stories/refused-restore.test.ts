/** A restore that does nothing leaves nothing: neither the folder nor what it needed in it to find out. */

import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { foreignBackup } from './foreign-backup.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

/** How a restore ends that does nothing, by its flags. */
const CASES: readonly (readonly [readonly string[], number, RegExp])[] = [
  [['missing.backup'], 1, /missing\.backup: there is no such file/],
  [['cut.backup', '--other-host'], 5, /ends early: nothing was done/],
  [['foreign.backup'], 1, /of another computer: nothing was done/],
  [['foreign.backup', '--other-host', '--dry-run'], 0, /^$/],
  // What is in it is no key: it is found out when the rest has been unpacked.
  [['foreign.backup', '--other-host'], 5, /agent\.key is damaged/],
];

const withBackups = async (site: Site): Promise<void> => {
  const whole = await foreignBackup();
  await writeFile(site.file('foreign.backup'), whole);
  await writeFile(site.file('cut.backup'), whole.subarray(0, whole.length - 1));
};

const refuseEach = async (site: Site, data: string, look: () => Promise<void>): Promise<void> => {
  for (const [words, expected, sentence] of CASES) {
    const { code, stdout, stderr } = await site.usher('restore', ...words, '--data', data);
    assert.is(code, expected, stderr);
    if (stdout !== '') assert.match(stdout, /^No seat that is held was lent since\./m);
    assert.match(stderr, sentence);
    await look();
  }
};

story('a data folder that was not there is not there afterwards', async () => {
  await using site = await Site.open();
  await withBackups(site);
  const data = site.file('new/deep/data');
  await refuseEach(site, data, async () => {
    assert.not(existsSync(site.file('new')), 'nothing is made');
  });
});

story('of a folder that was there, and of one above it, nothing is taken away', async () => {
  await using site = await Site.open();
  await withBackups(site);
  await mkdir(site.file('above'));
  const empty = site.file('above/empty');
  await mkdir(empty, { mode: 0o700 });
  await refuseEach(site, empty, async () => {
    assert.equal(await readdir(empty), []);
  });
  await refuseEach(site, site.file('above/new'), async () => {
    assert.equal(await readdir(site.file('above')), ['empty']);
  });
});

story('what an agent keeps stays as it was, its addons among it', async () => {
  await using site = await Site.open();
  await withBackups(site);
  const agent = await site.serve();
  agent.kill('SIGTERM');
  await agent.ending();
  await mkdir(join(site.data, 'addons'), { recursive: true, mode: 0o700 });
  await writeFile(join(site.data, 'addons', 'of-before'), '');
  const before = (await readdir(site.data, { recursive: true })).sort();
  await refuseEach(site, site.data, async () => {
    assert.equal((await readdir(site.data, { recursive: true })).sort(), before);
  });
});

tellStories();
