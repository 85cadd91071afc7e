/** Who may ask the console for what, and from where. */

import { request } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allows, NEEDS, ROLES } from '../../../../agent/admin/web/access.ts';
import { READING } from '../../../../agent/core/reading-operations.ts';
import { ConsoleRig } from './console-rig.ts';

const SEAT = { kind: 'seat-disconnect', id: 'a', force: false };

test('the page comes with a policy that lets nothing foreign or inline run', async () => {
  await using rig = await ConsoleRig.open();
  const { status, headers, body } = await rig.ask({ method: 'GET', path: '/' });
  assert.is(status, 200);
  assert.is(body, '<p>');
  const policy = String(headers['content-security-policy']);
  assert.match(policy, "default-src 'none'");
  assert.not.match(policy, 'unsafe');
  assert.match(policy, "frame-ancestors 'none'");
  assert.is(headers['x-content-type-options'], 'nosniff');
  assert.is(headers['referrer-policy'], 'no-referrer');
  const again = { 'if-none-match': String(headers.etag) };
  assert.is((await rig.ask({ method: 'GET', path: '/', headers: again })).status, 304);
});

test('a name that leads here without being ours is no way in (DNS rebinding)', async () => {
  await using rig = await ConsoleRig.open();
  const { port } = rig.server;
  const signedIn = rig.signedIn('administrator');
  for (const host of [
    `evil.example:${port}`,
    `localhost.evil.example:${port}`,
    `localhost:${port + 1}`,
    'localhost',
    `front-desk:${port}`,
    `169.254.1.1:${port}`,
  ]) {
    const headers = { ...signedIn, host, origin: `http://${host}` };
    const answer = await rig.ask({ path: '/api/operation', headers, body: JSON.stringify(SEAT) });
    assert.ok([400, 421].includes(answer.status), `${host}: ${answer.status}`);
    const page = await rig.ask({ method: 'GET', path: '/', headers: { host } });
    assert.ok([400, 421].includes(page.status), host);
  }
  assert.is(rig.performed.length, 0);
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    assert.is((await rig.ask({ method: 'GET', path: '/', headers: { host } })).status, 200, host);
  }
});

test('another page’s request changes nothing, whatever cookies it brings', async () => {
  await using rig = await ConsoleRig.open();
  const signedIn = rig.signedIn('administrator');
  for (const foreign of [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: 'http://localhost:1' },
    { origin: rig.origin.replace('http', 'https') },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]) {
    const answer = await rig.operate(SEAT, { ...signedIn, ...foreign });
    assert.is(answer.status, 403, JSON.stringify(foreign));
  }
  // A page at another port has the cookie sent along, but not the key.
  const { cookie = '' } = signedIn;
  assert.is((await rig.operate(SEAT, { cookie })).status, 401);
  assert.is(rig.performed.length, 0);
  assert.is((await rig.operate(SEAT, signedIn)).status, 200);
  assert.is(rig.performed[0]?.actor.name, 'administrator');
});

test('nothing is changed by GET, and there is nothing beside the table', async () => {
  await using rig = await ConsoleRig.open();
  const headers = rig.signedIn('administrator');
  for (const path of [
    '/api/operation',
    '/api/sign-out',
    '/api/license-file',
    '/../../etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//etc/passwd',
    '/console.js/../../package.json',
    '/?x',
    '/constructor',
    '/\\..\\package.json',
  ]) {
    const { status, body } = await rig.ask({ method: 'GET', path, headers });
    assert.is(status, 404, path);
    assert.not.match(body, 'root');
  }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    assert.is((await rig.ask({ method, path: '/api/operation', headers })).status, 404, method);
  }
  assert.is(rig.performed.length, 0);
});

test('every role may do what its table says, and nothing more', async () => {
  await using rig = await ConsoleRig.open();
  const samples: Readonly<Record<string, object>> = {
    'license-add': { text: 'x' },
    'site-forget': { member: 'a' },
    'license-show': { id: 'a' },
    'license-remove': { id: 'a' },
    'license-response': { text: 'x' },
    'license-export': { id: 'a' },
    'license-emergency': { id: 'a' },
    'license-restore': { id: 'a' },
    'license-deactivate': { id: 'a', online: false, credentials: null },
    'license-activate': { ids: [], credentials: null },
    'license-request': { ids: [] },
    'license-refresh': { ids: [] },
    'child-create': {
      license: 'a',
      account: 'b',
      wish: { pools: [{ class: 'generic', seats: 1, stages: [] }], silent: false },
    },
    'child-show': { id: 'a' },
    'child-update': { id: 'a', change: { pools: [] } },
    'child-suspend': { id: 'a' },
    'child-resume': { id: 'a' },
    'child-remove': { id: 'a' },
    'child-block': { id: 'a' },
    'child-answer': { text: 'x' },
    'seat-disconnect': { id: 'a' },
    'log-record': { hours: 1 },
    'user-assign': { users: ['a'] },
    'user-recall': { users: ['a'] },
    'resource-add': { names: ['a'] },
    'resource-activate': { name: 'a', license: 'a' },
    'resource-remove': { name: 'a' },
    'rules-edit': { change: { kind: 'remove', line: 1 } },
    'rules-write': { text: '', was: '' },
    explain: { wish: { product: 'p', features: [], weight: 1, holder: {} } },
  };
  const table = [...Object.entries(NEEDS), ...READING.map((kind) => [kind, 'viewer'] as const)];
  for (const role of ROLES) {
    const headers = rig.signedIn(role);
    for (const [kind, needed] of table) {
      rig.performed.length = 0;
      const { status } = await rig.operate({ kind, ...samples[kind] }, headers);
      const may = allows(role, needed);
      assert.is(status, may ? 200 : 403, `${role}: ${kind}`);
      assert.is(rig.performed.length, may ? 1 : 0, `${role}: ${kind}`);
    }
    const isAdministrator = role === 'administrator';
    for (const path of ['/api/license-file', '/api/diagnostics']) {
      const { status } = await rig.ask({ path, headers });
      assert.is(status, isAdministrator ? 200 : 403, `${role}: ${path}`);
    }
  }
  for (const path of [
    '/api/operation',
    '/api/session',
    '/api/recent',
    '/api/service',
    '/api/surroundings',
    '/api/usage',
    '/api/diagnostics',
  ]) {
    assert.is((await rig.ask({ path })).status, 401, path);
  }
  assert.is((await rig.ask({ method: 'GET', path: '/api/live' })).status, 401);
});

test('programs of this computer ask for metrics, health and readiness without signing in', async () => {
  await using rig = await ConsoleRig.open();
  const get = (path: string) => rig.ask({ method: 'GET', path });
  const [metrics, healthy, ready] = [
    await get('/metrics'),
    await get('/healthz'),
    await get('/readyz'),
  ];
  assert.is(metrics.status, 200);
  assert.match(metrics.headers['content-type'] ?? '', /openmetrics-text/);
  assert.match(metrics.body, /^# EOF$/m);
  assert.match(healthy.body, /^ok, version /);
  assert.is(ready.status, 200);
  const foreign = { method: 'GET', path: '/metrics', headers: { host: 'evil.example' } };
  assert.is((await rig.ask(foreign)).status, 421);
  assert.is((await rig.ask({ path: '/metrics' })).status, 404, 'nothing is posted to it');
});

/** Lines as an open page hears them. */
const listen = async (
  rig: ConsoleRig,
  session: Readonly<Record<string, string>>,
): Promise<AsyncIterator<Buffer>> => {
  const headers = { host: rig.host, ...session };
  const feed = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: rig.server.port, path: '/api/live', headers };
    request(options, resolve).on('error', reject).end();
  });
  return feed[Symbol.asyncIterator]();
};

test('who signs out, or loses his password, is signed out in every open page at once', async () => {
  await using rig = await ConsoleRig.open();
  const [one, other] = [rig.signedIn('operator'), rig.signedIn('viewer')];
  const [first, second] = [await listen(rig, one), await listen(rig, other)];
  assert.match(String((await first.next()).value), 'event: hello');
  assert.match(String((await second.next()).value), 'event: hello');
  assert.is((await rig.ask({ path: '/api/sign-out', headers: one })).status, 200);
  assert.is((await first.next()).done, true);
  rig.live.news();
  assert.match(String((await second.next()).value), 'event: changed', 'nobody else is');
  rig.sessions.closeRole('viewer');
  assert.is((await second.next()).done, true);
});

test('changes are told to open pages, several at once, and never while nothing changes', async () => {
  await using rig = await ConsoleRig.open();
  const pieces = await listen(rig, rig.signedIn('viewer'));
  const next = async (): Promise<string> => String((await pieces.next()).value);
  assert.match(await next(), 'event: hello');
  for (let i = 0; i < 1000; i++) rig.live.news();
  assert.match(await next(), 'data: {"number":1}');
  for (let i = 0; i < 1000; i++) rig.live.news();
  assert.match(await next(), 'data: {"number":2}');
  rig.ahead += 25 * 3_600_000;
  rig.live.news();
  assert.is((await pieces.next()).done, true, 'a session that has ended is told nothing more');
});

test.run();
