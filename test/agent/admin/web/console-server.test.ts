import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
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
    'license-show': { id: 'a' },
    'license-remove': { id: 'a' },
    'license-export': { id: 'a' },
    'license-restore': { id: 'a' },
    'license-emergency': { id: 'a' },
    'license-deactivate': { id: 'a' },
    'license-response': { text: 'x' },
    'seat-disconnect': { id: 'a' },
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

test('a link signs in once, soon, and by POST alone', async () => {
  await using rig = await ConsoleRig.open();
  const code = rig.links.make('ann');
  const first = await rig.ask({ path: '/api/sign-in', body: JSON.stringify({ code }) });
  assert.is(first.status, 200);
  const cookie = String(first.headers['set-cookie']);
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  const { key, role, name } = JSON.parse(first.body) as Record<string, string>;
  assert.equal([name, role], ['ann', 'administrator']);
  const headers = { cookie: cookie.split(';')[0] ?? '', 'x-usher-key': key ?? '' };
  assert.is((await rig.ask({ path: '/api/session', headers })).status, 200);
  assert.is((await rig.ask({ path: '/api/sign-in', body: JSON.stringify({ code }) })).status, 401);
  const late = rig.links.make('ann');
  rig.ahead += 121_000;
  const answer = await rig.ask({ path: '/api/sign-in', body: JSON.stringify({ code: late }) });
  assert.is(answer.status, 401);
  assert.is((await rig.ask({ path: '/api/sign-out', headers })).status, 200);
  assert.is((await rig.ask({ path: '/api/session', headers })).status, 401);
});

test('sessions end when they are not used, and after a day in any case', async () => {
  await using rig = await ConsoleRig.open();
  const headers = rig.signedIn('viewer');
  const isIn = async (): Promise<boolean> =>
    (await rig.ask({ path: '/api/session', headers })).status === 200;
  for (let hour = 0; hour < 21; hour += 7) {
    assert.ok(await isIn());
    rig.ahead += 7 * 3_600_000;
  }
  assert.ok(await isIn());
  rig.ahead += 4 * 3_600_000;
  assert.not(await isIn());
  const idle = rig.signedIn('viewer');
  rig.ahead += 9 * 3_600_000;
  assert.is((await rig.ask({ path: '/api/session', headers: idle })).status, 401);
});

test('ten thousand wrong passwords get a few tries, and are told of in the log', async () => {
  await using rig = await ConsoleRig.open();
  await rig.passwords.set('operator', 'correct horse battery');
  const tries = { 401: 0, 429: 0 };
  for (let i = 0; i < 100; i++) {
    const guesses = Array.from({ length: 100 }, (_, k) =>
      rig.ask({ path: '/api/sign-in', body: JSON.stringify({ password: `wrong ${i} ${k}` }) }),
    );
    for (const { status } of await Promise.all(guesses)) tries[status as 401 | 429]++;
  }
  assert.is(tries[401] + tries[429], 10_000);
  assert.ok(tries[401] <= 60, `${tries[401]} were checked`);
  assert.is(rig.said.filter((line) => line.includes('wrong password')).length, tries[401]);
  const right = JSON.stringify({ password: 'correct horse battery' });
  assert.is((await rig.ask({ path: '/api/sign-in', body: right })).status, 429);
  rig.ahead += 60_000;
  const { status, body } = await rig.ask({ path: '/api/sign-in', body: right });
  assert.is(status, 200);
  assert.is((JSON.parse(body) as { role: string }).role, 'operator');
});

test('a body of a gigabyte is refused before it is read, and one without a length is cut', async () => {
  await using rig = await ConsoleRig.open();
  const headers = { host: rig.host, origin: rig.origin, ...rig.signedIn('administrator') };
  const send = (more: object): Promise<{ status: number; sent: number }> =>
    new Promise((resolve) => {
      const path = '/api/operation';
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: rig.server.port,
          path,
          method: 'POST',
          headers: { ...headers, ...more },
        },
        (response) => {
          status = response.statusCode ?? 0;
          response.resume();
        },
      );
      let status = 0;
      let sent = 0;
      const piece = Buffer.alloc(65_536, 'x');
      const push = (): void => {
        while (!outgoing.destroyed && sent < 1e9) {
          sent += piece.length;
          if (!outgoing.write(piece)) return void outgoing.once('drain', push);
        }
      };
      outgoing.on('error', () => {});
      outgoing.on('close', () => resolve({ status, sent }));
      push();
    });
  const announced = await send({ 'content-length': '1000000000' });
  assert.is(announced.status, 413);
  assert.ok(announced.sent < 50e6, `${announced.sent} bytes`);
  const unannounced = await send({ 'transfer-encoding': 'chunked' });
  assert.ok([413, 0].includes(unannounced.status));
  assert.ok(unannounced.sent < 100e6, `${unannounced.sent} bytes`);
  assert.is(rig.performed.length, 0);
});

/** Opens a connection that says only `text`, and resolves when the server ends it. */
const linger = async (port: number, text: string): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  socket.write(text);
  await once(socket, 'close');
  return socket;
};

test('who is slow is not waited for', async () => {
  await using rig = await ConsoleRig.open(200);
  const { port } = rig.server;
  await Promise.all([
    linger(port, ''),
    linger(port, 'GET / HTTP/1.1\r\nHost: '),
    linger(port, `GET / HTTP/1.1\r\nHost: ${rig.host}\r\n\r\nGET / HT`),
  ]);
  assert.is((await rig.ask({ method: 'GET', path: '/' })).status, 200);
});

test('who asks and never reads the answer is not waited for', async () => {
  await using rig = await ConsoleRig.open(100);
  const socket = connect(rig.server.port, '127.0.0.1').pause();
  const ended = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => {});
  socket.write(`GET /long HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
  // Who does not read learns of the end by what it writes: now and then, a line that says nothing.
  const asking = setInterval(() => socket.write('\r\n'), 1000);
  await ended;
  clearInterval(asking);
});

test('long heads, many connections and nonsense do no harm', async () => {
  await using rig = await ConsoleRig.open(5000);
  const { port } = rig.server;
  const long = await rig.ask({ method: 'GET', path: '/', headers: { x: 'x'.repeat(20_000) } });
  assert.is(long.status, 431);
  await linger(port, '\u0016\u0003\u0001 nonsense\r\n\r\n');
  const crowd = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'));
  for (const one of crowd) one.on('error', () => {});
  await Promise.all(crowd.map((one) => once(one, 'connect').catch(() => {})));
  for (const one of crowd) one.destroy();
  for (const body of ['', 'null', '1', '[]', '{', '{"kind":"fly"}']) {
    const headers = rig.signedIn('administrator');
    const { status } = await rig.ask({ path: '/api/operation', headers, body });
    assert.is(status, 400, body);
  }
});

test('changes are told to open pages, several at once, and never while nothing changes', async () => {
  await using rig = await ConsoleRig.open();
  const headers = { host: rig.host, ...rig.signedIn('viewer') };
  const feed = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: rig.server.port, path: '/api/live', headers };
    request(options, resolve).on('error', reject).end();
  });
  const pieces = feed[Symbol.asyncIterator]();
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
