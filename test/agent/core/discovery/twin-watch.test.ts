import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import { isWarning, noteToSentence } from '../../../../agent/core/notes.ts';
import type { Endpoint } from '../../../../protocol/endpoint.ts';
import { DEFAULT_PORT } from '../../../../protocol/limits.ts';
import { type Offer, SPOKEN } from '../../../../protocol/offers.ts';
import { buildDiscover, buildOffer, parseFrame } from '../../../../protocol/packet.ts';
import { AgentRig, only } from '../agent-rig.ts';

const HOUR = 3_600_000;
const at = (address: string, port = DEFAULT_PORT): Endpoint => ({ address, port });
const OWN = '10.0.0.1';

const start = (rig: AgentRig, ...addresses: readonly string[]): readonly Effect[] =>
  rig.step({
    kind: 'network-changed',
    mdns: [],
    port: DEFAULT_PORT,
    addresses: addresses.length === 0 ? [OWN] : addresses,
  });

const asksIn = (effects: readonly Effect[]): number =>
  effects.filter(({ kind }) => kind === 'ask-around').length;

const DISCOVER = buildDiscover({ nonce: new Uint8Array(16), versions: SPOKEN, product: null });

/** What an agent answers. */
const offerOf = (rig: AgentRig, discover: Uint8Array, from = at(OWN)): Uint8Array =>
  only(rig.hear(from, discover), 'send').bytes;

const twinsOf = (rig: AgentRig): readonly string[] | undefined => {
  const { outcome } = only(rig.operate({ kind: 'status' }), 'answer');
  return outcome.kind === 'status' ? outcome.status.twins : undefined;
};

const readOffer = (bytes: Uint8Array): Offer => {
  const frame = parseFrame(bytes);
  if (typeof frame === 'string' || frame.kind !== 'offer') throw new Error('no offer');
  return frame.offer;
};

const twins = suite('twin watch');

twins('two agents with one key notice each other, the one that was there first as well', () => {
  // The same key, and another start.
  const [first, second] = [new AgentRig(1), new AgentRig(2)];
  start(first);
  first.now += 1000;
  const asked = only(start(second, '10.0.0.2'), 'ask-around').bytes;
  const answered = first.hear(at('10.0.0.2'), asked);
  const heard = second.hear(at(OWN), only(answered, 'send').bytes);
  const { note } = only(heard, 'note');
  assert.match(noteToSentence(note), /^The agent at 10\.0\.0\.1:24711 has the same key/);
  assert.ok(isWarning(note));
  assert.equal(twinsOf(second), ['10.0.0.1:24711']);

  const back = only(answered, 'ask-around').bytes;
  first.hear(at('10.0.0.2'), offerOf(second, back));
  assert.equal(twinsOf(first), ['10.0.0.2:24711']);
});

twins('what an agent hears from itself is no twin, nor is another agent', () => {
  const rig = new AgentRig();
  const { bytes } = only(start(rig), 'ask-around');
  const own = offerOf(rig, bytes);
  assert.equal(rig.hear(at(OWN), own), []);
  const other = buildOffer({ ...readOffer(own), agentKey: new Uint8Array(32).fill(9) });
  assert.equal(rig.hear(at('10.0.0.3'), other ?? own), []);
  assert.equal(twinsOf(rig), []);
});

twins('an offer that answers nothing of its own is dropped', () => {
  const [rig, twin] = [new AgentRig(1), new AgentRig(2)];
  start(rig);
  assert.equal(rig.hear(at('10.0.0.2'), offerOf(twin, DISCOVER)), []);
  assert.equal(twinsOf(rig), []);
});

twins('other agents that ask around have it ask once an hour, clients and itself never', () => {
  const rig = new AgentRig();
  assert.is(asksIn(start(rig)), 1);
  const heardFrom = (from: Endpoint): number => asksIn(rig.hear(from, DISCOVER));
  assert.is(heardFrom(at('10.0.0.2')), 0, 'in the same second');
  rig.now += 1000;
  assert.is(heardFrom(at('10.0.0.9', 50_000)), 0, 'a client');
  assert.is(heardFrom(at(OWN)), 0, 'its own voice');
  assert.is(heardFrom(at('10.0.0.2')), 1);
  rig.now += HOUR - 1;
  assert.is(heardFrom(at('10.0.0.3')), 0);
  rig.now += 1;
  assert.is(heardFrom(at('10.0.0.3')), 1);
});

twins('addresses that come and go have it ask, once a second at most', () => {
  const rig = new AgentRig();
  start(rig);
  rig.now += 500;
  assert.is(asksIn(start(rig, '10.0.0.4')), 0);
  rig.now += 500;
  assert.is(asksIn(start(rig, '10.0.0.5')), 1);
});

twins('while nothing happens nothing is sent', () => {
  const rig = new AgentRig();
  start(rig);
  for (let hours = 0; hours < 48; hours++) {
    rig.now += HOUR;
    assert.is(asksIn(rig.step({ kind: 'wake' })), 0);
  }
});

twins('a twin that does not answer any more is forgotten, and a crowd is not remembered', () => {
  const [rig, twin] = [new AgentRig(1), new AgentRig(2)];
  const { bytes } = only(start(rig), 'ask-around');
  const offer = offerOf(twin, bytes);
  rig.now += 10;
  for (let i = 0; i < 20; i++) rig.hear(at(`10.0.1.${i}`), offer);
  assert.is(twinsOf(rig)?.length, 8);
  rig.now += 20_000;
  start(rig, '10.0.0.2');
  assert.is(twinsOf(rig)?.length, 8, 'they may answer yet');
  rig.now += 20_000;
  start(rig, '10.0.0.3');
  assert.equal(twinsOf(rig), []);
});

twins.run();
