/** Who has said where to look is told what to type next so that it looks there, too. */

import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

/** The last command that was named, typed into a shell as it stands. */
const typeNext = (site: Site, said: string) => {
  const line = [...said.matchAll(/`(usher [^`]+)`/g)].at(-1)?.[1] ?? '';
  const named =
    'usher() { if [ -n "$second" ]; then "$first" "$second" "$@"; else "$first" "$@"; fi; }';
  const usher = `first=$0; second=$1; ${named}`;
  return site.start([], { by: ['sh', '-c', `${usher}; ${line}`] }).ending();
};

story('the next command has the folder that was typed, and can be typed as it stands', async () => {
  await using site = await Site.open();
  const data = site.file("one's own");
  const typed = `--data '${data.replace("'", "'\\''")}'`;
  const none = await site.usher('license', 'list', '--data', data);
  assert.is(none.code, 3);
  assert.ok(none.stderr.includes(`Start one with \`usher serve ${typed}\``), none.stderr);

  const agent = site.start(['serve', '--data', data, '--name', 'theirs']);
  await agent.saying(/^Serving on UDP port/m);
  const second = await site.usher('serve', '--data', data);
  assert.is(second.code, 1);
  assert.match(second.stderr, /`usher status --data [^`]+`\.\n$/);
  const status = await typeNext(site, second.stderr);
  assert.is(status.code, 0, status.stderr);
  assert.match(status.stdout, /theirs/);
});

story('so it is where no error is, and with what the agent refuses', async () => {
  await using site = await Site.open();
  await site.serve();
  const at = ['--data', site.data];
  const bare = await site.usher('license', 'list', ...at);
  assert.ok(bare.stdout.includes(`\`usher license add FILE --data ${site.data}\``), bare.stdout);
  const refused = await site.usher('seat', 'disconnect', 'abc', ...at);
  assert.is(refused.code, 1);
  assert.ok(refused.stderr.includes(`\`usher seat list --data ${site.data}\``), refused.stderr);
  const plain = await site.usher('seat', 'disconnect', 'abc');
  assert.match(plain.stderr, /`usher seat list`/);
});

story(
  'who has asked one agent by its port and address is told to ask the doctor there',
  async () => {
    await using site = await Site.open();
    const words = ['--port', '9', '--agent', '127.0.0.1', '--patience', '0.2'];
    const { stderr } = await site.usher('run', '--product', 'acme-cad', ...words, '--', 'true');
    assert.match(stderr, /`usher (serve|doctor)( [^`]+)? --port 9/);
  },
);

tellStories();
