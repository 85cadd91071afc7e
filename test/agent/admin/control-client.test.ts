import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  askAgent,
  fetchHistory,
  fetchHistoryLines,
  fetchStoreReport,
} from '../../../agent/admin/control-client.ts';
import { UsherError } from '../../../agent/usher-error.ts';

const all = async <T>(values: AsyncIterable<T>): Promise<readonly T[]> => {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
};

const CALLS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  operation: (path) => askAgent(path, { kind: 'status' }),
  store: (path) => fetchStoreReport(path),
  history: (path) => fetchHistory(path, '/usage'),
  lines: (path) => all(fetchHistoryLines(path, '/audit')),
};

/** An agent's local endpoint that answers so. */
const open = async (listener: RequestListener) => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-control-'));
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\${folder}` : join(folder, 'socket');
  const server = createServer(listener);
  server.listen(path);
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.close();
    await rm(folder, { recursive: true });
  };
  return { path, [Symbol.asyncDispose]: close };
};

test('an agent that ends in the middle of its answer is told of as that', async () => {
  await using agent = await open((_, response) => {
    response.write('{"kind":', () => response.destroy());
  });
  for (const [name, call] of Object.entries(CALLS)) {
    const failed = await call(agent.path).then(
      () => assert.unreachable(name),
      (error: unknown) => error,
    );
    assert.instance(failed, UsherError, `${name}: ${failed}`);
    assert.match((failed as UsherError).message, /does not answer|ended while it answered/, name);
  }
});

test('lines of the history come whole, however they are cut', async () => {
  const bytes = Buffer.from('{"who":"Jürgen"}\n{"who":"b"}\n');
  await using agent = await open((_, response) => {
    for (const byte of bytes) response.write(Buffer.of(byte));
    response.end();
  });
  const lines = await all(fetchHistoryLines(agent.path, '/audit'));
  assert.equal(lines, [{ who: 'Jürgen' }, { who: 'b' }]);
});

test.run();
