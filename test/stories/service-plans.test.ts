import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story(
  'a dry run of installing and removing prints every file and command, and does nothing',
  async () => {
    if (process.platform !== 'linux') return;
    await using site = await Site.open();
    const install = await site.usher('service', 'install', '--dry-run');
    assert.is(install.code, 0, install.stderr);
    assert.match(install.stdout, /^Copy \S+ to \/usr\/local\/bin\/usher \(mode 755\)$/m);
    assert.match(
      install.stdout,
      /^Write \/etc\/usher\/usher\.conf \(mode 644\), unless it is there:$/m,
    );
    assert.match(install.stdout, /^ {4}#port = PORT$/m);
    assert.match(install.stdout, /^ {4}ExecStart=\/usr\/local\/bin\/usher serve$/m);
    assert.match(install.stdout, /^Run systemctl start usher\.service$/m);
    const stopped = await site.usher('service', 'install', '--dry-run', '--no-start');
    assert.not.match(stopped.stdout, 'systemctl start');
    const removal = await site.usher('service', 'uninstall', '--dry-run');
    assert.is(removal.code, 0);
    assert.not.match(removal.stdout, '/var/lib/usher');
    const purge = await site.usher(
      'service',
      'uninstall',
      '--dry-run',
      '--purge',
      '--keep-program',
    );
    assert.match(purge.stdout, /^Remove \/var\/lib\/usher$/m);
    assert.not.match(purge.stdout, '/usr/local/bin/usher');
  },
);

story('the lines of a log are counted', async () => {
  await using site = await Site.open();
  for (const count of ['0', 'many', '1e3']) {
    const { code, stderr } = await site.usher('service', 'logs', '--lines', count);
    assert.is(code, 2);
    assert.match(stderr, /^usher service logs: --lines is a number from 1 to 100000\. See /);
  }
});

story('the program says what it is made of', async () => {
  await using site = await Site.open();
  const { stdout } = await site.usher('--version');
  assert.match(stdout, /^usher \d+\.\d+\.\d+ \(\S+\), Node \d+\.\d+\.\d+, LevelDB 1\.\d+\n$/);
});

story('the single binary carries the terms of all that it contains', async () => {
  await using site = await Site.open();
  const { code, stdout, stderr } = await site.usher('licenses');
  if (process.env['USHER_STORY_PROGRAM'] === undefined) {
    assert.is(code, 1);
    assert.match(stderr, /^This is Usher from its source/);
    return;
  }
  assert.is(code, 0);
  for (const name of ['Node.js', 'LevelDB', 'Snappy', 'koffi', 'msgpackr', 'tweetnacl', 'level'])
    assert.match(stdout, new RegExp(`^  ${name}[ ,]`, 'm'));
  assert.match(stdout, 'OpenSSL');
});

tellStories();
