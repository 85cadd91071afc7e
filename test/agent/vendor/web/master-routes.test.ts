import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MasterDriver } from '../../../../agent/vendor/master-driver.ts';
import { DoorKeeper } from '../../../../agent/vendor/web/door-keeper.ts';
import type { HttpExchange } from '../../../../agent/vendor/web/http-exchange.ts';
import { MasterRoutes } from '../../../../agent/vendor/web/master-routes.ts';
import { version } from '../../../../agent/version.ts';
import { encodeMasterCall, type MasterCall } from '../../../../protocol/master-call.ts';
import { AgentDouble } from '../master/agent-double.ts';
import { Bench, STAFF, VENDOR } from '../master/master-rig.ts';

const test = suite('the routes of a master');

/** One request, and what it was answered. */
class FakeExchange {
  readonly request;
  readonly from = '192.0.2.1';
  readonly token = '';
  readonly credentials: undefined;
  readonly #body: Uint8Array;
  said = '';

  constructor(url: string, body: Uint8Array | string, theirs = version) {
    this.request = { method: 'POST', url, headers: { 'usher-version': theirs } };
    this.#body = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  }

  async body(): Promise<Uint8Array> {
    return this.#body;
  }

  json(value: { kind?: string }): void {
    this.said = `json ${value.kind}`;
  }

  bytes(): void {
    this.said = 'bytes';
  }

  refuse(code: string): void {
    this.said = code;
  }
}

const openRoutes = (disk: { works: boolean }) => {
  const bench = new Bench();
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const store = {
    write: async () => {
      if (!disk.works) throw new Error('full');
    },
    between: async () => [],
  };
  const driver = new MasterDriver(bench.master, store, { now: () => bench.moment }, say);
  const door = new DoorKeeper(bench.master, () => 0);
  const root = VENDOR.publicKey;
  const routes = new MasterRoutes({ driver, door, root, needsSignIn: false, now: () => 0, say });
  const ask = async (exchange: FakeExchange, isPrivate = true, local = false): Promise<string> => {
    await routes.serve(exchange as unknown as HttpExchange, local ? STAFF : undefined, isPrivate);
    return exchange.said;
  };
  const call = (made: MasterCall, said?: string) =>
    ask(new FakeExchange('/v1/requests', encodeMasterCall(made), said), false);
  return { bench, lines, ask, call };
};

test('passwords and questions do not go over the network in the open, calls do', async () => {
  const { ask, bench, call } = openRoutes({ works: true });
  for (const path of ['/api/sign-in', '/api/operation', '/api/sign-out']) {
    assert.is(await ask(new FakeExchange(path, '{}'), false), 'forbidden', path);
  }
  assert.is(await ask(new FakeExchange('/api/sign-in', '{}')), 'bad-request');
  assert.is(await ask(new FakeExchange('/api/operation', '{"kind":"status"}')), 'unauthorized');
  const local = new FakeExchange('/api/operation', '{"kind":"status"}');
  assert.is(await ask(local, true, true), 'json status');
  const license = bench.issue();
  assert.is(await call(new AgentDouble('one').request('activate', [license])), 'bytes');
});

test('what cannot be written is not told, and is told when it can', async () => {
  const disk = { works: false };
  const { bench, call, ask, lines } = openRoutes(disk);
  const request = new AgentDouble('one').request('activate', [bench.issue()]);
  assert.is(await call(request), 'unavailable');
  assert.is(await call(request), 'unavailable');
  assert.match(lines.join(), /cannot be written: full/);
  const list = () => new FakeExchange('/api/operation', '{"kind":"license-list"}');
  assert.is(await ask(list(), true, true), 'json refused');
  disk.works = true;
  assert.is(await call(request), 'bytes');
  assert.is(await ask(list(), true, true), 'json licenses');
});

test('an agent of another major version is told of, once', async () => {
  const { bench, call, lines } = openRoutes({ works: true });
  const agent = new AgentDouble('one');
  const license = bench.issue();
  for (const theirs of ['9.0.0', '9.0.0', 'rubbish', version]) {
    assert.is(await call(agent.request('activate', [license]), theirs), 'bytes');
  }
  const told = lines.filter((line) => line.includes('9.0.0'));
  assert.is(told.length, 1);
  assert.is(lines.length, 1);
});

test.run();
