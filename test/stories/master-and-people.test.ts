import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { ownCertificate } from '../../agent/admin/web/certificate.ts';
import { armor } from '../../protocol/armor.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { AgentDouble } from '../agent/vendor/master/agent-double.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { codeOf, VendorHouse } from './vendor-house.ts';

story('I5: strangers at a master are refused, and cost nobody else anything', async () => {
  await using house = await VendorHouse.open();
  const call = new AgentDouble('one').request('activate', [await house.issue()]);
  const bad = await house.postBytes(Uint8Array.of(1, 2, 3));
  assert.is(bad.status, 400);
  assert.is(await codeOf(bad), 'bad-request');
  const large = await house.postBytes(new Uint8Array(70_000));
  assert.is(large.status, 413);
  assert.is(await codeOf(large), 'too-large');
  const elsewhere = await fetch(`${house.url}/v1/other`, { method: 'POST' });
  assert.is(elsewhere.status, 404);
  const nobody = await fetch(`${house.url}/api/operation`, { method: 'POST', body: '{}' });
  assert.is(nobody.status, 401);
  const guess = { authorization: `Basic ${btoa('vera:wrong')}` };
  const codes: unknown[] = [];
  for (let i = 0; i < 12; i++) codes.push(await codeOf(await house.post(call, guess)));
  assert.is(codes[0], 'unauthorized');
  assert.is(codes.at(-1), 'locked-out');
  assert.equal((await house.ask(call)).kinds, ['activation']);
  // Many agents behind one address are answered; who goes on and on is asked to wait.
  let busy: Response | undefined;
  for (let round = 0; round < 40 && busy === undefined; round++) {
    const calls = await Promise.all(Array.from({ length: 20 }, () => house.post(call)));
    busy = calls.find(({ status }) => status === 503);
  }
  assert.is(busy?.headers.has('retry-after'), true);
});

story('I5: a customer signs in, sees its own, and has a file answered', async () => {
  await using house = await VendorHouse.open('--require-sign-in');
  const license = await house.issue();
  const { id } = license.license;
  await house.master('customer', 'add', 'Other Ltd');
  await house.issue('--customer', 'Other Ltd', '--product', 'acme-sim');
  const password = 'correct horse battery';
  const set = [
    'master',
    'account',
    'set',
    'it@example.com',
    '--customer',
    'Example Ltd',
    '--stdin',
  ];
  const made = await house.site.usherWith(password, ...set, '--data', 'house');
  assert.is(made.code, 0, made.stderr);

  const agent = new AgentDouble('one');
  const nobody = await house.post(agent.request('activate', [license]));
  assert.is(await codeOf(nobody), 'unauthorized');
  const byLicense = { authorization: `Basic ${btoa(`${id}:IT@example.com`)}` };
  assert.equal((await house.ask(agent.request('activate', [license]), byLicense)).kinds, [
    'activation',
  ]);

  const post = async (path: string, value: unknown, token = ''): Promise<Response> =>
    fetch(`${house.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(value),
    });
  const door = await post('/api/sign-in', { name: 'it@example.com', password });
  const { token } = (await door.json()) as { token: string };
  const ask = async (question: unknown) =>
    (await (await post('/api/operation', question, token)).json()) as {
      kind: string;
      licenses?: { id: string; product: string }[];
      results?: { response: string }[];
    };
  const { licenses } = await ask({ kind: 'license-list' });
  assert.equal(
    licenses?.map((one) => one.id),
    [id],
  );
  assert.is(
    (await ask({ kind: 'license-project', license: id, project: 'Bridge' })).kind,
    'licenses',
  );
  assert.is(
    (await ask({ kind: 'license-standing', license: id, state: 'revoked' })).kind,
    'refused',
  );
  const { request } = agent.request('activate', [license]);
  const { results } = await ask({ kind: 'upload', text: armor('request', request, primitives) });
  assert.match(results?.[0]?.response ?? '', /^-----BEGIN USHER ACTIVATION RESPONSE-----\n/);
  assert.match((await ask({ kind: 'license-export' })).kind, 'text');
  await post('/api/sign-out', {}, token);
  assert.is((await post('/api/operation', { kind: 'license-list' }, token)).status, 401);
});

story('I5: a person decides at the master', async () => {
  await using house = await VendorHouse.open();
  const license = await house.issue('--policy', 'ask');
  const { id } = license.license;
  const agent = new AgentDouble('one');
  assert.equal((await house.ask(agent.request('activate', [license]))).refusals, {
    [id]: 'undecided',
  });
  assert.match(await house.master('activation', 'requests'), /one .* open/);
  await house.master('activation', 'approve', id, 'one');
  assert.equal((await house.ask(agent.request('refresh', [license]))).kinds, ['activation']);
});

story('I5: over https somebody of the vendor works from another computer', async () => {
  const made = await mkdtemp(join(tmpdir(), 'usher-tls-'));
  const file = join(made, 'house.pem');
  const { cert } = await ownCertificate(file, ['localhost', '127.0.0.1'], new Date());
  await writeFile(join(made, 'ca.pem'), cert);
  await using house = await VendorHouse.open('--tls', file);
  const { id } = await house.order();
  const password = (await house.master('account', 'set', 'vera')).split('\n')[0] ?? '';
  const there = ['--url', `https://localhost:${house.port}`, '--account', 'Vera'];
  const ask = (secret: string, ...words: readonly string[]) => {
    const env = { USHER_MASTER_PASSWORD: secret, NODE_EXTRA_CA_CERTS: join(made, 'ca.pem') };
    const running = house.site.start(['master', ...words, ...there], { env });
    running.write('');
    return running.ending();
  };
  const listed = await ask(password, 'license', 'list');
  assert.is(listed.code, 0, listed.stderr);
  assert.match(listed.stdout, new RegExp(id));
  const suspended = await ask(password, 'license', 'suspend', id, '--reason', 'unpaid');
  assert.is(suspended.code, 0, suspended.stderr);
  assert.match(await house.master('audit'), /vera, from 127\.0\.0\.1 .*suspended: unpaid/);
  const whole = await house.master('audit', '--verify');
  assert.match(whole, /^The audit is whole: \d+ lines, 1 to \d+\.$/m);
  const head = /^Head: (\d+:[0-9a-f]{64})$/m.exec(whole)?.[1] ?? '';
  assert.match(await house.master('audit', '--verify', '--head', head), /is whole/);
  const wrong = await ask('guess', 'license', 'list');
  assert.is(wrong.code, 4);
  assert.match(wrong.stderr, /The name or password is wrong/);
  const plain = await fetch(`http://127.0.0.1:${house.port}/v1/requests`).catch(() => 'refused');
  assert.is(plain, 'refused');
  await rm(made, { recursive: true });
});

story('I5: whoever answers in the place of a master is told to be none', async () => {
  await using site = await Site.open();
  const controls = JSON.stringify({ sentence: 'No \u001b]0;entry\u0007' });
  const long = JSON.stringify({ sentence: 'x'.repeat(100_000) });
  const pages = ['<html>Welcome</html>', '', '[1', 'null', '"a"', '{"token":7}', controls, long];
  const server = createServer((_, response) => {
    const [page = ''] = pages;
    response.writeHead(page === controls || page === long ? 403 : 200).end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ['master', 'status', '--url', url, '--account', 'vera'];
  const env = { USHER_MASTER_PASSWORD: 'x' };
  const none = /^(What answers there is no master of Usher: |The master answers otherwise than )/;
  try {
    for (; pages.length > 0; pages.shift()) {
      const { code, stderr } = await site.start(args, { env }).ending();
      assert.is(code, 5, stderr);
      assert.match(stderr, none);
    }
  } finally {
    server.close();
  }
});

story('I5: who says nothing at a master is not waited for', async () => {
  await using house = await VendorHouse.open();
  const socket = connect(house.port, '127.0.0.1');
  socket.write('POST /v1/requests HTTP/1.1\r\nhost: house\r\n');
  socket.resume();
  await once(socket, 'close');
  assert.match(await house.master('status'), /it answers/);
});

tellStories();
