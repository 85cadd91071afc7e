/** Strangers who are slow at a master: who comes from elsewhere is answered all the while. */

import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MasterServer } from '../../../../agent/vendor/web/master-server.ts';
import { encodeMasterCall } from '../../../../protocol/master-call.ts';
import { until } from '../../../stories/until.ts';
import { AgentDouble } from '../master/agent-double.ts';
import { openRoutes } from './routes-rig.ts';

/** More than all may have of what is counted, and than one address may hold of connections. */
const EACH = 100;
const HELD = 64;
const SOURCES = ['127.0.0.2', '127.0.0.3', '127.0.0.4'] as const;

/** Begins a call, of which a byte has come when this resolves, or the connection was ended. */
const dawdle = async (port: number, localAddress: string): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
  socket.resume();
  socket.write('POST /v1/requests HTTP/1.1\r\nHost: master\r\nContent-Length: 500\r\n\r\nx');
  return socket;
};

const post = (port: number, body: Uint8Array): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-length': body.length };
    const path = '/v1/requests';
    const asked = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end(body);
  });

test('who sends slowly holds no more than connections, and of those so many of one address', async () => {
  const { bench, routes } = openRoutes();
  await using server = await MasterServer.open({ routes, at: { host: '127.0.0.1', port: 0 } });
  const slow: Socket[] = [];
  let ended = 0;
  for (const source of SOURCES) {
    for (let i = 0; i < EACH; i++) {
      const socket = await dawdle(server.port, source);
      slow.push(socket);
      if (socket.destroyed) ended++;
      else socket.on('close', () => ended++);
    }
  }
  const call = new AgentDouble('one').request('activate', [bench.issue()]);
  assert.is(await post(server.port, encodeMasterCall(call)), 200);
  await until('so many were ended', () => ended >= SOURCES.length * (EACH - HELD) || undefined);
  assert.is(slow.filter(({ destroyed }) => !destroyed).length, SOURCES.length * HELD);
  for (const socket of slow) socket.destroy();
});

test.run();
