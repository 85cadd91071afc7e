import { readFile, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

/** What the console of a site's agent answers to a password. */
const signIn = async (origin: string, password: string): Promise<number> => {
  const { status } = await fetch(`${origin.replace('localhost', '127.0.0.1')}/api/sign-in`, {
    method: 'POST',
    headers: { origin: origin.replace('localhost', '127.0.0.1') },
    body: JSON.stringify({ password }),
  });
  return status;
};

const serveConsole = async (site: Site): Promise<string> => {
  const agent = await site.serve('--console', '0');
  const [, origin = ''] = await agent.saying(/Console on (http:\/\/localhost:\d+)\//);
  return origin;
};

story('a backup keeps who may sign in, and nothing that lets a thief in', async () => {
  await using site = await Site.open();
  await serveConsole(site);
  const { password } = await site.json<{ password: string }>('console', 'password');
  await writeFile(site.file('data/console.pem'), 'a key that is secret');
  assert.is((await site.usher('backup', 'all.backup')).code, 0);
  const bytes = await readFile(site.file('all.backup'), 'latin1');
  assert.match(bytes, 'console-passwords.json');
  for (const secret of [password, 'a key that is secret']) assert.not.match(bytes, secret);

  await using other = await Site.open();
  await writeFile(other.file('all.backup'), await readFile(site.file('all.backup')));
  const restored = await other.usher('restore', 'all.backup', '--other-host');
  assert.is(restored.code, 0, restored.stderr);
  const origin = await serveConsole(other);
  assert.is(await signIn(origin, `${password}x`), 401);
  assert.is(await signIn(origin, password), 200);
});

tellStories();
