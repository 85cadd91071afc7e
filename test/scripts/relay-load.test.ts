import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseBenchOrder } from '../../scripts/bench/bench-order.ts';
import { runRelay, runRenewals } from '../../scripts/bench/relay-load.ts';

/** What a relay with so many seats answers, and how often it was asked what. */
const withRelay = async (
  seats: number,
  tell: (base: URL, asked: Map<string, number>, held: Set<string>) => Promise<void>,
): Promise<void> => {
  const held = new Set<string>();
  const asked = new Map<string, number>();
  const answer = (method: string, name: string): number => {
    if (method === 'DELETE') return held.delete(name) ? 204 : 404;
    if (held.has(name)) return 202;
    if (held.size >= seats) return 410;
    held.add(name);
    return 201;
  };
  const server = createServer(({ method = '', url = '' }, response) => {
    const status = answer(method, /^\/v1\/nodes\/(.+)$/.exec(url)?.[1] ?? '');
    asked.set(`${method} ${status}`, (asked.get(`${method} ${status}`) ?? 0) + 1);
    response.writeHead(status).end(status === 201 ? '{"license_key":"x"}' : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await tell(new URL(`http://127.0.0.1:${port}`), asked, held);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

test('pairs are counted as the relay counts them, and every seat is given back', () =>
  withRelay(4, async (base, asked, held) => {
    const run = await runRelay(base, { clients: 3, milliseconds: 50 });
    assert.ok(run.pairs > 0);
    assert.is(run.pairs, asked.get('PUT 201'));
    assert.is(run.pairs, asked.get('DELETE 204'));
    assert.is(run.refused, 0);
    assert.is(held.size, 0);
  }));

test('a claim that finds no seat is not a pair', () =>
  withRelay(0, async (base, asked) => {
    const run = await runRelay(base, { clients: 2, milliseconds: 30 });
    assert.is(run.pairs, 0);
    assert.is(run.refused, asked.get('PUT 410'));
  }));

test('renewals are claims that are held already', () =>
  withRelay(2, async (base, asked, held) => {
    assert.ok((await runRenewals(base, { clients: 2, milliseconds: 50 })) > 0);
    assert.is(asked.get('PUT 201'), 2);
    assert.ok((asked.get('PUT 202') ?? 0) >= 2);
    assert.is(held.size, 0);
  }));

test('a server that is no relay is told of', async () => {
  const server = createServer((_, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const base = new URL(`http://127.0.0.1:${port}`);
  try {
    await runRelay(base, { clients: 1, milliseconds: 30 });
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /answered 500/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('what the benchmarks are asked for', () => {
  const relay = parseBenchOrder(['--against', 'relay', 'http://localhost:6349', '--json']);
  assert.is(relay.ok && relay.value.relay?.href, 'http://localhost:6349/');
  assert.equal(relay.ok && relay.value.names, ['acquire']);
  assert.is(relay.ok && relay.value.json, true);
  const echo = parseBenchOrder(['--against', 'echo']);
  assert.equal(echo.ok && echo.value.names, ['renew']);
  const all = parseBenchOrder([]);
  assert.ok(all.ok && all.value.names.length > 3);
  for (const words of [['x'], ['--against'], ['--against', 'x'], ['--against', 'relay', 'x']])
    assert.not.ok(parseBenchOrder(words).ok, words.join(' '));
});

test.run();
