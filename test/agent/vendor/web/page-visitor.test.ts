/** Which browsers a master answers. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownCertificate } from '../../../../agent/admin/web/certificate.ts';
import { PageVisitors } from '../../../../agent/vendor/web/page-visitor.ts';
import { FakeExchange, openRoutes } from './routes-rig.ts';

const test = suite('pages at a master');
const HERE = { address: '127.0.0.1', isSecure: false };
const THERE = { address: '192.0.2.7', isSecure: true };

test('a name that is not ours is refused: of the certificate, --name or this computer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-names-'));
  const names = ['licenses.example.com', '192.0.2.9'];
  const { cert } = await ownCertificate(join(folder, 'own.pem'), names, new Date());
  const visitors = new PageVisitors(['Proxy.example.com'], cert);
  for (const host of ['licenses.example.com', 'LICENSES.example.com:24711', 'proxy.example.com']) {
    assert.ok(visitors.isOurName(host, THERE), host);
  }
  for (const host of ['192.0.2.7:1', '192.0.2.9']) assert.ok(visitors.isOurName(host, THERE), host);
  for (const host of ['localhost:24711', '127.0.0.1', '[::1]:80']) {
    assert.ok(visitors.isOurName(host, HERE), host);
    assert.not(visitors.isOurName(host, THERE), host);
  }
  const foreign = ['evil.example', 'licenses.example.com.evil.example', 'a@localhost', '', '[::2]'];
  for (const host of [...foreign, undefined, 'x'.repeat(301)]) {
    assert.not(visitors.isOurName(host, HERE), host);
    assert.not(visitors.isOurName(host, THERE), host);
  }
  await rm(folder, { recursive: true });
});

test('another page can send nothing, a program can', async () => {
  const { ask } = openRoutes();
  const send = (headers: Record<string, string>) =>
    ask(new FakeExchange('/api/operation', '{"kind":"status"}', headers));
  const ours = { host: 'localhost:1', origin: 'http://localhost:1' };
  assert.is(await send(ours), 'unauthorized');
  assert.is(await send({ ...ours, 'sec-fetch-site': 'same-origin' }), 'unauthorized');
  assert.is(
    await send({ host: 'licenses.example.com', origin: 'https://licenses.example.com' }),
    'unauthorized',
  );
  assert.is(await send({ ...ours, 'sec-fetch-site': 'cross-site' }), 'forbidden');
  assert.is(await send({ ...ours, origin: 'http://localhost:2' }), 'forbidden');
  assert.is(await send({ ...ours, origin: 'null' }), 'forbidden');
  assert.is(await send({ host: 'evil.example', origin: 'http://evil.example' }), 'other-name');
  assert.is(await send({ host: 'evil.example' }), 'unauthorized', 'a program');
});

test('pages are read with GET, by our names, where nobody can overhear; nothing is done so', async () => {
  const { ask } = openRoutes();
  const get = (path: string, host: string, isPrivate = true) => {
    const exchange = new FakeExchange(path, '', { host });
    exchange.request.method = 'GET';
    return ask(exchange, isPrivate);
  };
  assert.is(await get('/', 'localhost:1'), 'page');
  assert.is(await get('/', 'evil.example'), 'other-name');
  assert.is(await get('/', 'localhost:1', false), 'forbidden');
  for (const path of [
    '/api/operation',
    '/api/sign-in',
    '/api/sign-out',
    '/api/session',
    '/v1/requests',
    '/../etc/passwd',
    '/constructor',
  ]) {
    assert.is(await get(path, 'localhost:1'), 'not-found', path);
  }
});

test('who signs in by a page gets a cookie that a program does not get', async () => {
  const { ask, enter, bench } = openRoutes();
  bench.issue();
  await enter('carl', 'Example Ltd');
  const words = JSON.stringify({ name: 'carl', password: 'correct horse battery' });
  const program = new FakeExchange('/api/sign-in', words);
  await ask(program);
  assert.is(program.cookie, '');
  const origin = { host: 'localhost', origin: 'http://localhost' };
  const page = new FakeExchange('/api/sign-in', words, origin);
  await ask(page);
  assert.ok(page.cookie.length > 40);
  const { token } = page.answer as { token: string };
  const session = async (cookie: string): Promise<FakeExchange> => {
    const exchange = new FakeExchange('/api/session', '', origin);
    Object.assign(exchange, { token, cookie });
    await ask(exchange);
    return exchange;
  };
  assert.is((await session('')).said, 'unauthorized');
  const found = (await session(page.cookie)).answer as Record<string, unknown>;
  assert.equal(
    [found['name'], found['role'], found['customerName']],
    ['carl', 'customer', 'Example Ltd'],
  );
});

test.run();
