import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createListener } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askMaster } from '../../../agent/edges/master-client.ts';
import { RESPONSE_MAX } from '../../../protocol/limits.ts';

const BODY = Uint8Array.of(1, 2, 3);
const NEVER = new AbortController().signal;

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

const open = async (listener: RequestListener): Promise<Server> => {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

const close = (server: Server): void => {
  server.closeAllConnections();
  server.close();
};

const ask = (
  url: string,
  environment: Readonly<Record<string, string>> = {},
  timeoutMs = 5000,
  stop = NEVER,
) => {
  const question = { url, body: BODY, credentials: { name: 'N-1', secret: 'ä' } };
  return askMaster(question, { version: '1.2.3', environment, timeoutMs }, stop);
};

test('the body is posted with the name, the secret and the version; the answer is given back', async () => {
  const heard: unknown[] = [];
  const server = await open((request, response) => {
    const { method, url, headers } = request;
    heard.push([
      method,
      url,
      headers['content-type'],
      headers['usher-version'],
      headers.authorization,
    ]);
    request.on('data', (chunk: Buffer) => heard.push([...chunk]));
    request.on('end', () => response.writeHead(200, { 'usher-version': '9.0.0' }).end('ab'));
  });
  try {
    const answer = await ask(`http://127.0.0.1:${portOf(server)}/base/`);
    assert.equal(answer, { ok: true, bytes: Uint8Array.of(97, 98), version: '9.0.0' });
    const secret = Buffer.from('N-1:ä').toString('base64');
    assert.equal(heard, [
      ['POST', '/base/v1/requests', 'application/octet-stream', '1.2.3', `Basic ${secret}`],
      [1, 2, 3],
    ]);
  } finally {
    close(server);
  }
});

test('a refusal is the master’s own; what is none is no master', async () => {
  let say: RequestListener = () => {};
  const server = await open((request, response) => say(request, response));
  const url = `http://127.0.0.1:${portOf(server)}`;
  const codeOf = async (): Promise<string> => {
    const answer = await ask(url);
    return answer.ok ? 'ok' : `${answer.code}: ${answer.sentence}`;
  };
  try {
    say = (_, response) =>
      response.writeHead(429, { 'retry-after': '60' }).end('{"code":"busy","sentence":"Wait."}');
    assert.is(await codeOf(), 'busy: Wait. Ask again in 60 s.');
    say = (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    assert.match(await codeOf(), /^not-a-master: .* it answers with status 302\.$/);
    say = (_, response) => response.writeHead(200).end(new Uint8Array(RESPONSE_MAX + 1));
    assert.match(await codeOf(), /^not-a-master: .* with too much\.$/);
    say = (request) => request.socket.destroy();
    assert.match(await codeOf(), /^unreachable: /);
  } finally {
    close(server);
  }
});

test('who does not answer in time, or at all, is not reached; who stops waits for nobody', async () => {
  const server = await open(() => {});
  const url = `http://127.0.0.1:${portOf(server)}`;
  try {
    const late = await ask(url, {}, 50);
    assert.match(late.ok ? '' : late.sentence, /it did not answer within 0 s/);
    const stop = new AbortController();
    const stopped = ask(url, {}, 60_000, stop.signal);
    stop.abort();
    assert.is((await stopped).ok, false);
  } finally {
    close(server);
  }
  const gone = await ask(url);
  assert.match(gone.ok ? '' : gone.sentence, /nobody answers there/);
  const never = await ask('no address');
  assert.is(never.ok, false);
});

test('a plain call goes to the proxy whole, with the proxy’s own name and secret', async () => {
  const heard: unknown[] = [];
  const proxy = await open((request, response) => {
    const { url, headers } = request;
    heard.push([url, headers.host, headers['proxy-authorization']]);
    response.end('ab');
  });
  try {
    const answer = await ask('http://master.example', {
      // The second sign encodes nothing: it stands for itself.
      HTTP_PROXY: `http://ann:s%40e%z@127.0.0.1:${portOf(proxy)}`,
    });
    assert.ok(answer.ok);
    const known = `Basic ${Buffer.from('ann:s@e%z').toString('base64')}`;
    assert.equal(heard, [['http://master.example/v1/requests', 'master.example', known]]);
  } finally {
    close(proxy);
  }
});

test('a secure call asks the proxy for a tunnel, and says so when it gets none', async () => {
  const asked: string[] = [];
  const target = createListener((socket) => {
    // Nobody speaks TLS here: what matters is who was connected.
    socket.on('data', (chunk) => {
      asked.push(`hello of type ${chunk[0]}`);
      socket.destroy();
    });
    socket.on('error', () => {});
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const proxy = await open((_, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    if (request.url?.startsWith('closed') === true) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const through = connect(portOf(target), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.pipe(socket);
      socket.pipe(through);
    });
    through.on('error', () => socket.destroy());
    through.on('close', () => socket.destroy());
    socket.on('error', () => through.destroy());
  });
  const environment = { HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}` };
  try {
    const answer = await ask('https://master.example:8443', environment);
    assert.is(answer.ok, false);
    // 22: a TLS handshake.
    assert.equal(asked, ['master.example:8443', 'hello of type 22']);
    const refused = await ask('https://closed.example', environment);
    assert.match(refused.ok ? '' : refused.sentence, /the proxy 127\.0\.0\.1:\d+ refuses \(403\)/);
  } finally {
    close(proxy);
    target.close();
  }
});

test.run();
