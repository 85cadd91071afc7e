import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story('a second agent on the same data folder is refused with who runs there', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  const second = await site.usher('serve', '--port', '0');
  assert.is(second.code, 1);
  assert.is(
    second.stderr,
    `An agent runs on ${site.data} already (process ${agent.pid}). Stop it, or choose another folder with --data. See who has it with \`usher status\`.\n`,
  );
  assert.is((await site.usher('status')).code, 0, 'the first one goes on');
});

story('the folder of an agent that was killed is free for the next one', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await agent.destroy();
  const next = await site.serve();
  assert.is(await readFile(join(site.data, 'agent.pid'), 'utf8'), `${next.pid}\n`);
});

story('a port that is taken is reported with the program that has it', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  const other = ['serve', '--data', site.file('other')];
  const { code, stderr } = await site.usher(...other);
  assert.is(code, 1);
  assert.ok(stderr.startsWith(`UDP port ${site.port} is taken by process ${agent.pid}`), stderr);
  assert.match(
    stderr,
    /Stop it, or choose another port with --port\. See more with `usher doctor --data \S+other`\.\n$/,
  );
  assert.is((await site.usher('status')).code, 0, 'the first one goes on');
  const third = site.start([...other, '--port', '0']);
  await third.saying(/Serving/);
});

story('Ctrl-C stops the agent in order', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  agent.kill('SIGINT');
  const { code, stdout, stderr } = await agent.ending();
  assert.is(code, 0);
  assert.match(stdout, /\nStopping; seats that are held stay held\.\n$/);
  assert.is(stderr, '');
  assert.is((await site.usher('status')).code, 3);
});

story('an agent whose log nobody reads any more goes on serving', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  agent.hangUp();
  await site.addLicense();
  assert.is((await site.tryToWork()).code, 0);
  assert.is((await site.tryToWork()).code, 0);
  assert.is((await site.status()).counters['granted'], 2);
});

story('an interface that is not there is said so', async () => {
  await using site = await Site.open();
  const { code, stderr } = await site.usher('serve', '--interfaces', 'eth77');
  assert.is(code, 1);
  assert.is(
    stderr,
    'This computer has no interface eth77. See what is set with `usher config show --interfaces eth77`.\n',
  );
});

if (platform() === 'linux') {
  story('what cannot be written to the reader is said and is no success', async () => {
    await using site = await Site.open();
    const by = ['sh', '-c', 'exec "$@" > /dev/full', 'sh'];
    const { code, stderr } = await site.start(['--help'], { by }).ending();
    assert.is(code, 1);
    assert.match(stderr, /^Not everything could be said: the disk is full\.\n$/);
  });
}

tellStories();
