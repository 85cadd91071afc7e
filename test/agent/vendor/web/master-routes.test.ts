import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { version } from '../../../../agent/version.ts';
import { AgentDouble } from '../master/agent-double.ts';
import { FakeExchange, openRoutes } from './routes-rig.ts';

const test = suite('the routes of a master');

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
  assert.is(await ask(list(), true, true), 'json refused unavailable');
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
