import { existsSync } from 'node:fs';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { isLinuxRoot, SmallDisk } from './small-disk.ts';
import { story, tellStories, untold } from './story.ts';
import { until } from './until.ts';

/** As a source tree has them, addons are files already and are placed nowhere. */
const isBinary = (process.env['USHER_STORY_PROGRAM'] ?? '') !== '';
const NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

story('a data folder that cannot be is refused in a sentence', async () => {
  await using site = await Site.open();
  await writeFile(site.file('a-file'), '');
  const cases: readonly (readonly [string, RegExp])[] = [
    [site.file('a-file'), /cannot be used: a file is in its way\. .*--data/],
    [site.file('a-file/below'), /cannot be used: a file is in its way\. .*--data/],
    [site.file('x'.repeat(100)), /path is too long for a local socket/],
    ['/proc/usher', /cannot be used: .*--data/],
  ];
  for (const [folder, sentence] of cases) {
    const { code, stdout, stderr } = await site.usher('serve', '--data', folder);
    assert.is(code, 1, stderr);
    assert.is(stdout, '');
    assert.match(stderr, /^The data folder/);
    assert.match(stderr, sentence);
    assert.is(stderr.trim().split('\n').length, 1, 'no stack trace');
  }
});

story('a mistyped folder is not called sound, nor made', async () => {
  await using site = await Site.open();
  const typo = site.file('typo');
  for (const words of [
    ['store', 'check'],
    ['store', 'repair'],
    ['host', 'adopt'],
  ]) {
    const { code, stdout, stderr } = await site.usher(...words, '--data', typo);
    assert.is(code, 1, stdout);
    assert.match(stderr, /^No agent has ever kept anything in \S+typo: name its .* --data\./);
  }
  for (const words of [
    ['report', 'usage'],
    ['audit', 'show'],
    ['audit', 'verify'],
  ]) {
    const { code, stderr } = await site.usher(...words, '--data', typo);
    assert.is(code, 3, stderr);
    assert.match(
      stderr,
      /^No agent runs on this data folder, and none has: \S+typo has no store\./,
    );
  }
  assert.not.ok(existsSync(typo));
});

story('a file in the place of the store is named, and no seat is lent', async () => {
  await using site = await Site.open();
  await mkdir(site.data, { mode: 0o700 });
  await writeFile(join(site.data, 'store'), '');
  await site.serve();
  const { storeTrouble } = await site.status();
  assert.match(
    storeTrouble ?? '',
    /store cannot be used: a file is in its way\. It cannot be read either: mend that, then start/,
  );
});

story('a folder that holds other people’s things is not closed to them', async () => {
  await using site = await Site.open();
  const folder = site.file('shared');
  await mkdir(folder);
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'thesis.txt'), '');
  const { code, stderr } = await site.usher('serve', '--data', folder);
  assert.is(code, 1);
  assert.match(stderr, /others can read it and it holds other things/);
  assert.is((await stat(folder)).mode & 0o777, 0o755);
});

story('a new or empty folder becomes the agent’s own', async () => {
  await using site = await Site.open();
  await mkdir(site.data);
  await chmod(site.data, 0o755);
  await site.serve();
  if (platform() !== 'win32') assert.is((await stat(site.data)).mode & 0o777, 0o700);
});

story('a damaged key is not replaced behind anybody’s back', async () => {
  await using site = await Site.open();
  await mkdir(site.data, { mode: 0o700 });
  await writeFile(join(site.data, 'agent.key'), 'short');
  const { code, stderr } = await site.usher('serve');
  assert.is(code, 5);
  assert.match(
    stderr,
    /agent\.key is damaged: bring it back from a backup with `usher restore FILE`\.\n$/,
  );
});

story(
  'nothing but the data folder is written to: no home, no folder for temporary files',
  async () => {
    await using site = await Site.open();
    const nowhere = site.file('nowhere/at-all');
    const env = { HOME: nowhere, TMPDIR: nowhere, XDG_CACHE_HOME: nowhere };
    const agent = site.start(['serve', '--data', site.data, '--port', '0'], { env });
    await agent.saying(/^Serving on UDP port/m);
    assert.not(existsSync(nowhere));
  },
);

if (isLinuxRoot) {
  story('a folder of somebody else is refused in a sentence', async () => {
    await using site = await Site.open();
    const { code, stderr } = await site.start(['serve'], { by: NOBODY }).ending();
    assert.is(code, 1, stderr);
    assert.match(stderr, /^The data folder \S+ cannot be used: this user may not\. /);
    assert.is(stderr.trim().split('\n').length, 1, 'no stack trace');
  });

  story('a disk that is full at the start is said so', async () => {
    await using site = await Site.open();
    await using disk = await SmallDisk.mount(site);
    await disk.fill();
    const { code, stderr } = await site.usher('serve');
    assert.ok(code === 1 || code === 5, stderr);
    assert.match(stderr, /disk is full|No space left/i);
    assert.is(stderr.trim().split('\n').length, 1, 'no stack trace');
  });

  story('a data folder that may hold no programs is said to be one, by the binary', async () => {
    await using site = await Site.open();
    await using _disk = await SmallDisk.mount(site, 'noexec');
    if (!isBinary) return void (await site.serve());
    const { code, stderr } = await site.usher('serve');
    assert.is(code, 1, stderr);
    assert.match(
      stderr,
      /mounted noexec refuses it: name a data folder elsewhere\. See `usher serve --help`\.$/m,
    );
    assert.is(stderr.trim().split('\n').length, 1, 'no stack trace');
  });

  story(
    'while the disk is full no seat is promised, and afterwards seats are lent again',
    async () => {
      await using site = await Site.open();
      await using disk = await SmallDisk.mount(site);
      const agent = await site.serve();
      await site.addLicense();
      await disk.fill();
      const refused = await until('the disk is full', async () => {
        const tried = await site.tryToWork();
        return tried.code === 0 ? undefined : tried;
      });
      assert.is(refused.code, 1);
      assert.match(refused.stderr, /cannot write to its disk, so it cannot promise a seat/);
      await agent.saying(/Warning: The store cannot be written/);
      assert.is((await site.status()).store, 'failing');
      await disk.empty();
      await until('seats are lent again', async () =>
        (await site.tryToWork()).code === 0 ? true : undefined,
      );
      await agent.saying(/The store can be written again\./);
    },
  );
} else {
  untold('an unwritable and a full folder are refused (needs root and Linux)');
}

tellStories();
