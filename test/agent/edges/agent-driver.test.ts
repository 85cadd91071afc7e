import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Agent } from '../../../agent/core/agent.ts';
import { SEED_SIZE } from '../../../agent/core/agent-parts.ts';
import { siteMaking } from '../../../agent/core/site/site-making.ts';
import { AgentDriver } from '../../../agent/edges/agent-driver.ts';
import type { WritableStore } from '../../../agent/edges/store-writer.ts';
import { systemEntropy } from '../../../protocol/node/entropy.ts';
import { SPOKEN } from '../../../protocol/offers.ts';
import { buildDiscover } from '../../../protocol/packet.ts';
import { epochSeconds, instant } from '../../../protocol/units.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';
import { AgentRig, acquire, makeLicense, PHYSICAL } from '../core/agent-rig.ts';

const FROM = { address: '10.0.0.7', port: 5000 };
const HOUR_MS = 3_600_000;

/** Edges that do nothing. */
const quiet = {
  store: { write: async () => {} } satisfies WritableStore,
  send: () => {},
  log: () => {},
  lookAtHost: async () => {},
  keepHost: async () => {},
  askMaster: async () => ({ ok: false, code: 'unreachable', sentence: '', version: null }) as const,
  keepMarks: async () => {},
  drawSecret: () => systemEntropy(32),
  askAround: () => {},
};

test('a secret that the agent asks for is drawn, and comes after the step', async () => {
  let now = 0;
  const heard: string[] = [];
  const secrets: Uint8Array[] = [];
  const agent = new Agent({
    name: 'driven',
    version: '0',
    primitives: swiftPrimitives,
    secret: new Uint8Array(32).fill(2),
    seed: systemEntropy(SEED_SIZE),
    vendorKeys: null,
  });
  const driver = new AgentDriver(agent, {
    clock: { now: () => ({ mono: instant(now), wall: epochSeconds(1_800_000_000) }) },
    ...quiet,
    drawSecret: () => {
      const secret = systemEntropy(32);
      secrets.push(secret);
      return secret;
    },
    observe: ({ kind }) => heard.push(kind),
  });
  const bytes = buildDiscover({ nonce: systemEntropy(16), versions: SPOKEN, product: null });
  driver.feed({ kind: 'datagram', from: FROM, bytes });
  assert.is(secrets.length, 0);
  now = HOUR_MS;
  driver.feed({ kind: 'datagram', from: FROM, bytes });
  assert.is(secrets.length, 1);
  assert.equal(heard, ['datagram', 'datagram']);
  await Promise.resolve();
  assert.equal(heard, ['datagram', 'datagram', 'secret-drawn']);
  await driver.stop();
});

test('a client that is answered does not wait for the log', async () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const clients = [1, 2].map((number) => rig.client(number));
  const hellos = clients.map((client) => client.hello(acquire(1)));
  const done: string[] = [];
  const driver = new AgentDriver(rig.agent, {
    ...quiet,
    clock: { now: () => rig.moment },
    send: ({ address }) => done.push(`answered ${address}`),
    log: ({ kind }) => done.push(kind),
    lookAtHost: async (report) => report({ verdict: PHYSICAL, code: new Uint8Array() }),
  });
  clients.forEach(({ endpoint }, i) => {
    driver.feed({ kind: 'datagram', from: endpoint, bytes: hellos[i] ?? new Uint8Array() });
  });
  await new Promise(setImmediate);
  await driver.stop();
  const refused = ['answered 10.0.0.2', 'seat-refused'];
  assert.equal(done, [...refused, 'answered 10.0.0.1', 'seat-granted']);
});

test('a member asks its site nothing before it hears: what it has lent is known by then', async () => {
  const asked: string[] = [];
  const agent = new Agent({
    name: 'driven',
    version: '0',
    primitives: swiftPrimitives,
    secret: new Uint8Array(32).fill(2),
    seed: systemEntropy(SEED_SIZE),
    vendorKeys: null,
    site: siteMaking,
  });
  const driver = new AgentDriver(agent, {
    clock: { now: () => ({ mono: instant(0), wall: epochSeconds(1_800_000_000) }) },
    store: { write: async () => {} },
    send: () => {},
    log: () => {},
    lookAtHost: async (report) => report({ verdict: PHYSICAL, code: new Uint8Array(0) }),
    keepHost: async () => {},
    askMaster: async () => ({ ok: false, code: 'unreachable', sentence: '', version: null }),
    askRegister: async () => {
      asked.push('asked');
      return { kind: 'silent', sentence: '' };
    },
    onSiteChanged: () => asked.push('shown anew'),
    keepMarks: async () => {},
    drawSecret: () => systemEntropy(32),
    askAround: () => {},
    isHeld: true,
  });
  await driver.lookAtHost();
  await new Promise((resolve) => setImmediate(resolve));
  driver.feed({ kind: 'restored', entries: [] });
  assert.equal(asked, []);
  driver.begin();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked, ['asked', 'shown anew']);
  await driver.stop();
});

test.run();
