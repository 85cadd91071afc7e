import { request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { text, type WebRoute, WebServer } from '../../../agent/admin/web-server.ts';

interface Seen {
  readonly status: number;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

const open = (): Promise<WebServer> =>
  WebServer.open(
    0,
    new Map<string, WebRoute>([
      ['/page', (url) => text(200, `page ${url.searchParams.get('q')}`)],
      ['/broken', () => Promise.reject(new Error('broken'))],
    ]),
  );

const ask = (
  { port }: WebServer,
  path: string,
  { method = 'GET', host = 'localhost', body = '' } = {},
): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const headers = { host, ...(body === '' ? {} : { 'content-length': body.length }) };
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let all = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        all += piece;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: all, headers: response.headers }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

test('pages are answered to GET and HEAD by the names of this computer alone', async () => {
  await using server = await open();
  for (const host of ['localhost', 'LOCALHOST:24711', '127.0.0.1:1', '[::1]:24711', '[::1]']) {
    const { status, body } = await ask(server, '/page?q=1', { host });
    assert.equal([status, body], [200, 'page 1\n'], host);
  }
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil:80']) {
    const { status } = await ask(server, '/page', { host });
    assert.ok(status === 421 || status === 400, `${host}: ${status}`);
  }
  const head = await ask(server, '/page', { method: 'HEAD' });
  assert.equal([head.status, head.body], [200, '']);
  assert.match(String(head.headers['content-security-policy']), /default-src 'none'/);
});

test('whatever else is asked is refused, and the connection ends', async () => {
  await using server = await open();
  const seen = [
    await ask(server, '/page', { method: 'POST', body: 'x' }),
    await ask(server, '/page', { method: 'DELETE' }),
    await ask(server, '/page', { body: 'x'.repeat(100) }),
    await ask(server, '/../etc/passwd'),
    await ask(server, `/page?q=${'x'.repeat(3000)}`),
    await ask(server, '/broken'),
  ];
  assert.equal(
    seen.map(({ status }) => status),
    [405, 405, 413, 404, 404, 500],
  );
  for (const { headers } of seen) assert.is(headers['connection'], 'close');
});

test('too long a header is refused, and what is no HTTP ends the connection', async () => {
  await using server = await open();
  const { status } = await ask(server, '/page', { host: 'x'.repeat(20_000) });
  assert.is(status, 431);
  await new Promise<void>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write('\u0000\u0001 nonsense\r\n\r\n'),
    );
    socket.on('close', () => resolve());
    socket.on('error', reject);
    socket.resume();
  });
});

test('a port that is taken is told', async () => {
  await using server = await open();
  try {
    await WebServer.open(server.port, new Map());
    assert.unreachable();
  } catch (error) {
    assert.is((error as NodeJS.ErrnoException).code, 'EADDRINUSE');
  }
});

test.run();
