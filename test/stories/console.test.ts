import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

/** Signs in as the page does, and returns what it sends from then on. */
const signIn = async (origin: string, by: object): Promise<Record<string, string>> => {
  const answer = await fetch(`${origin}/api/sign-in`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify(by),
  });
  assert.is(answer.status, 200, await answer.clone().text());
  const { key } = (await answer.json()) as { key: string };
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { origin, cookie, 'x-usher-key': key };
};

const post = (origin: string, path: string, headers: Record<string, string>, body: object) =>
  fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) });

/** Of a page over the network, whoever has made its certificate. */
const statusOf = (url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const outgoing = get(url, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.on('error', reject);
  });

story(
  'I7: a link from the command line signs in, and every change is told with who made it',
  async () => {
    await using site = await Site.open();
    const agent = await site.serve('--console', '0');
    const [, origin = ''] = await agent.saying(/Console on (http:\/\/localhost:\d+)\//);
    const { stdout } = await site.usher('console', 'open', '--print');
    const [, code] = /#code=([\w-]+)\n/.exec(stdout) ?? [];
    const headers = await signIn(origin, { code });
    const text = site.vendor.issue({});
    const added = await post(origin, '/api/operation', headers, { kind: 'license-add', text });
    assert.match(await added.text(), '"fault":null');
    await agent.saying(/\S+ \(console, this computer\): add licenses\./);
    const page = await fetch(`${origin}/`);
    assert.match(await page.text(), '<div id="console">');
    await site.addLicense({});
    await agent.saying(/(?<!this computer\)): add licenses\./);
    const { stdout: audit } = await site.usher('audit', 'show', '--json');
    assert.match(audit, /"who":"[^"]+ \(console, this computer\)","what":"license-add"/);
    const bundle = await (await post(origin, '/api/diagnostics', headers, {})).text();
    const secret = await readFile(join(site.data, 'agent.key'));
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      assert.not.match(bundle, secret.toString(form));
    }
    assert.not.match(bundle, 'BEGIN');
    assert.not.match(bundle, headers['x-usher-key'] ?? '?');
  },
);

story(
  'I7: a port that is taken, or a console that is off, keeps no agent from serving',
  async () => {
    await using site = await Site.open();
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const agent = await site.serve('--console', String(port));
    await agent.saying(
      new RegExp(`Warning: There is no console, .*: TCP port ${port} is in use\\.`),
    );
    const open = await site.usher('console', 'open');
    assert.is(open.code, 1);
    assert.match(open.stderr, 'in use');
    holder.close();
    await site.addLicense({});
    assert.is((await site.tryToWork()).code, 0);
    await using other = await Site.open();
    await other.serve();
    const off = await other.usher('console', 'open');
    assert.match(off.stderr, 'the setting `console` is off');
  },
);

story('I7: the console opens to the network only with a password, and then by https', async () => {
  await using site = await Site.open();
  const agent = await site.serve('--console', '0.0.0.0:0');
  await agent.saying(/The console stays on this computer until it has a password/);
  const made = await site.json<{ password: string }>('console', 'password', '--role', 'viewer');
  assert.match(made.password, /^[0-9a-f-]{30,}$/);
  const short = await site.usherWith('short\n', 'console', 'password', '--stdin');
  assert.is(short.code, 1);
  assert.match(short.stderr, '10 to 256 characters');
  assert.not.match(
    await readFile(join(site.data, 'console-passwords.json'), 'utf8'),
    made.password,
  );
  agent.kill('SIGTERM');
  await agent.ending();
  const again = await site.serve('--console', '0.0.0.0:0');
  const [, origin = ''] = await again.saying(
    /Console on (http:\/\/localhost:\d+)\/.* SHA-256 of its certificate (?:[0-9A-F]{2}:){31}/,
  );
  const headers = await signIn(origin, { password: made.password });
  const seen = await post(origin, '/api/operation', headers, { kind: 'seat-list' });
  assert.is(seen.status, 200);
  const tried = await post(origin, '/api/operation', headers, { kind: 'clock-reset' });
  assert.is(tried.status, 403);
  const network = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const address = network.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  if (address !== undefined) {
    const { port } = new URL(origin);
    assert.is(await statusOf(`https://${address}:${port}/`), 200);
    assert.is(await statusOf(`https://${address}:${port}/metrics`), 403);
  }
  assert.is((await fetch(`${origin}/metrics`)).status, 200);
  await site.usher('console', 'password', '--role', 'viewer', '--remove');
  assert.is((await post(origin, '/api/session', headers, {})).status, 401);
});

story('rules are written whole, unless somebody else has changed them meanwhile', async () => {
  await using site = await Site.lending({});
  const { text: was, file } = await site.ask({ kind: 'rules-text' });
  assert.is(was, '');
  const text = '# only one each\nlimit 1 acme-cad for each user\n';
  const { rules } = await site.ask({ kind: 'rules-write', text, was });
  assert.is(rules.lines.length, 1);
  assert.is(await readFile(file, 'utf8'), text);
  await site.ask({ kind: 'rules-write', text: 'nonsense', was: text }).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /^Line 1: /),
  );
  await writeFile(file, '');
  await site.ask({ kind: 'rules-write', text: '', was: text }).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, 'was changed meanwhile'),
  );
});

tellStories();
