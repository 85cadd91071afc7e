import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { equalBytes } from '../../../../protocol/bytes.ts';
import { nativePrimitives as primitives } from '../../../../protocol/node/native-primitives.ts';
import { hashDocument } from '../../../../protocol/signed-document.ts';
import { ACTIVATION_TERMS } from '../../../plain-license.ts';
import { AgentDouble, hostOf } from './agent-double.ts';
import { activationIn, Bench, DAY, REFRESHED } from './master-rig.ts';

const test = suite('a master activates');

test('the first computer gets it, the second is told where it is', () => {
  const bench = new Bench();
  const license = bench.issue();
  const one = new AgentDouble('one');
  const told = bench.ask(one.request('activate', [license]));
  assert.equal(told.refusals, {});
  const { activation } = activationIn(told);
  assert.is(activation.license, license.license.id);
  assert.ok(equalBytes(activation.licenseHash, hashDocument(license.bytes, primitives)));
  assert.is(activation.until, null);
  const second = bench.ask(new AgentDouble('two').request('activate', [license]));
  assert.equal(second.refusals, { [license.license.id]: 'agents-taken' });
  assert.equal(second.kinds, []);
});

test('as many computers as the license says, and one by the policy of the first', () => {
  const bench = new Bench();
  const agents = { activation: { ...ACTIVATION_TERMS, agents: 2 } };
  for (const [policy, places] of [
    ['agents', 2],
    ['first', 1],
  ] as const) {
    const license = bench.issue(agents, policy);
    const told = ['one', 'two', 'three'].map((name) =>
      bench.ask(new AgentDouble(`${policy} ${name}`).request('activate', [license])),
    );
    assert.is(told.filter(({ kinds }) => kinds.includes('activation')).length, places);
  }
});

test('asked twice it gives the same answer, also after a restart; an older request is refused', () => {
  const bench = new Bench();
  const license = bench.issue();
  const agent = new AgentDouble('one');
  const older = agent.request('activate', [license]);
  const newer = agent.request('activate', [license]);
  const first = bench.ask(newer);
  bench.pass(100);
  assert.equal(bench.ask(newer).bytes, first.bytes);
  bench.restart();
  assert.equal(bench.ask(newer).bytes, first.bytes);
  assert.is(bench.call(older), 'older-request');
  assert.equal(bench.ask(new AgentDouble('two').request('activate', [license])).kinds, []);
  const again = bench.ask(agent.request('activate', [license]));
  assert.ok(activationIn(again).activation.number > activationIn(first).activation.number);
});

test('slow changes of a computer are followed, another computer with the same keys is refused', () => {
  const bench = new Bench();
  const license = bench.issue(REFRESHED);
  const agent = new AgentDouble('one');
  bench.ask(agent.request('activate', [license]));
  agent.host = hostOf('one', 'new disk');
  const drifted = bench.ask(agent.request('refresh', [license]));
  assert.equal(activationIn(drifted).activation.host, agent.host);
  agent.host = hostOf('two');
  const copied = bench.ask(agent.request('refresh', [license]));
  assert.equal(copied.refusals, { [license.license.id]: 'other-host' });
  assert.equal(copied.kinds, []);
  agent.host = hostOf('one', 'new disk');
  assert.equal(bench.ask(agent.request('refresh', [license])).kinds, ['activation']);
});

test('the same computer with other keys does not get a second place', () => {
  const bench = new Bench();
  const license = bench.issue();
  bench.ask(new AgentDouble('one').request('activate', [license]));
  const told = bench.ask(new AgentDouble('one', 'another key').request('activate', [license]));
  assert.equal(told.refusals, { [license.license.id]: 'agents-taken' });
});

test('who asks for what was never issued, or another text of it, leaves nothing behind', () => {
  const bench = new Bench();
  const license = bench.issue();
  const before = bench.disk.size;
  const stranger = new AgentDouble('stranger');
  const forged = { ...license, bytes: license.bytes.slice().fill(0, 0, 4) };
  const foreign = bench.foreign().signed;
  for (const unknown of [forged, foreign]) {
    const told = bench.ask(stranger.request('activate', [unknown]));
    assert.equal(told.refusals, { [unknown.license.id]: 'unknown-license' });
  }
  assert.is(bench.disk.size, before);
  assert.is(bench.call({ request: new Uint8Array(40), receipts: [] }), 'bad-request');
});

test('a license of another account is unknown', () => {
  const bench = new Bench();
  const license = bench.issue();
  const told = bench.ask(new AgentDouble('one').request('activate', [license]), 'somebody');
  assert.equal(told.refusals, { [license.license.id]: 'unknown-license' });
});

test('a person decides, and the next refresh brings what was decided', () => {
  const bench = new Bench();
  const license = bench.issue({}, 'ask');
  const { id } = license.license;
  const [yes, no] = [new AgentDouble('yes'), new AgentDouble('no')];
  for (const agent of [yes, no]) {
    const told = bench.ask(agent.request('activate', [license]));
    assert.equal(told.refusals, { [id]: 'undecided' });
  }
  const { requests } = bench.must('requests', { kind: 'request-list', decision: 'open' });
  assert.equal(
    requests.map(({ hostName }) => hostName),
    ['yes', 'no'],
  );
  const decide = (agent: string, decision: 'approved' | 'denied') =>
    bench.must('done', {
      kind: 'request-decide',
      license: id,
      agent,
      decision,
      reason: 'so',
    });
  decide('yes', 'approved');
  decide('no', 'denied');
  assert.equal(bench.ask(yes.request('refresh', [license])).kinds, ['activation']);
  assert.equal(bench.ask(no.request('refresh', [license])).refusals, { [id]: 'other' });
});

test('a place whose activation ended is free again, a day after its grace', () => {
  const bench = new Bench();
  const license = bench.issue(REFRESHED);
  const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
  bench.ask(one.request('activate', [license]));
  bench.pass(36 * DAY - 1);
  assert.equal(bench.ask(two.request('activate', [license])).kinds, []);
  bench.pass(1);
  assert.equal(bench.ask(two.request('activate', [license])).kinds, ['activation']);
  const late = bench.ask(one.request('refresh', [license]));
  assert.equal(late.refusals, { [license.license.id]: 'agents-taken' });
});

test('an expired, a suspended and a revoked license are refused by name', () => {
  const bench = new Bench();
  const agent = new AgentDouble('one');
  const short = bench.issue({ expires: bench.moment.wall });
  bench.pass(10);
  const told = bench.ask(agent.request('activate', [short]));
  assert.equal(told.refusals, { [short.license.id]: 'expired' });
  for (const state of ['suspended', 'revoked'] as const) {
    const license = bench.issue();
    bench.must('done', {
      kind: 'license-standing',
      license: license.license.id,
      state,
      reason: 'unpaid',
    });
    const refused = bench.ask(agent.request('activate', [license]));
    assert.equal(refused.refusals, { [license.license.id]: state });
    assert.equal(refused.kinds, [state]);
  }
});

test('a long reason is cut, and the answer can be read', () => {
  const bench = new Bench();
  const license = bench.issue();
  const reason = `${'x'.repeat(215)}${'🙂'.repeat(20)}`;
  for (const odd of ['', 'y']) {
    const { id } = bench.issue().license;
    const standing = { kind: 'license-standing', license: id, state: 'suspended' } as const;
    bench.must('done', { ...standing, reason: odd + reason });
    const wanted = bench.license(id);
    const told = bench.ask(new AgentDouble('one').request('activate', [wanted, license]));
    assert.is(told.refusals[id], 'suspended');
  }
});

test('several licenses in one request, each for itself', () => {
  const bench = new Bench();
  const licenses = Array.from({ length: 32 }, () => bench.issue());
  const told = bench.ask(new AgentDouble('one').request('activate', licenses));
  assert.is(told.documents.length, 32);
  assert.equal(told.refusals, {});
});

test.run();
