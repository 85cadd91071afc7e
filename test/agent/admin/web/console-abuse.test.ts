/** What the console does with who sends too much, too slowly, or nonsense. */

import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../../../stories/until.ts';
import { ConsoleRig } from './console-rig.ts';

/** Opens a connection that says only `text`, and resolves when the server ends it. */
const linger = async (port: number, text: string): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  socket.write(text);
  await once(socket, 'close');
  return socket;
};

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

test('who holds connections open from one address leaves room for others', async () => {
  await using rig = await ConsoleRig.open();
  const { port } = rig.server;
  const crowd = Array.from({ length: 200 }, () =>
    connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }),
  );
  const ready = crowd.map(async (one) => {
    one.on('error', () => {});
    await Promise.race([once(one, 'connect'), once(one, 'close')]).catch(() => {});
    one.resume();
    one.write('GET / HTTP/1.1\r\nHost: ');
  });
  await Promise.all(ready);
  assert.is((await rig.ask({ method: 'GET', path: '/' })).status, 200);
  const held = () => crowd.filter(({ destroyed }) => !destroyed).length;
  await until('all but 32 were ended', () => held() <= 32 || undefined);
  assert.is(held(), 32);
  for (const one of crowd) one.destroy();
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

test.run();
