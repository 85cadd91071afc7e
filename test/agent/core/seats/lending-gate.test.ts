import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  HOLDOFF_KEY,
  HOLDOFF_WRITE,
  LendingGate,
} from '../../../../agent/core/seats/lending-gate.ts';
import { agentDeadline } from '../../../../protocol/lease-time.ts';
import { TERM_MAX } from '../../../../protocol/limits.ts';
import { epochSeconds, instant, type Moment, seconds } from '../../../../protocol/units.ts';
import { AgentRig, acquire, makeLicense } from '../agent-rig.ts';

const gateTests = suite('lending gate');

const at = (ms: number): Moment => ({ mono: instant(ms), wall: epochSeconds(1_800_000_000) });
const MARK = HOLDOFF_WRITE.value ?? new Uint8Array(0);

const holdingOff = (): LendingGate => {
  const gate = new LendingGate();
  assert.ok(gate.restore(HOLDOFF_KEY, MARK, at(1000)));
  return gate;
};

gateTests('without a mark it lends', () => {
  const gate = new LendingGate();
  assert.is(gate.keep(at(0), seconds(600)), undefined);
  assert.is(gate.refusal, undefined);
  assert.is(gate.due, undefined);
});

gateTests(
  'it holds off until every lease of before its start has ended, by the longest term',
  () => {
    const gate = holdingOff();
    const end = agentDeadline(instant(1000), seconds(600));
    gate.keep(at(end - 1), seconds(600));
    assert.is(gate.refusal, 'holding-off');
    assert.is(gate.ends, end);
    gate.keep(at(end), seconds(600));
    assert.is(gate.refusal, undefined);
  },
);

gateTests(
  'without a license no end is known, and a later one with a longer term begins it again',
  () => {
    const gate = holdingOff();
    gate.keep(at(50_000_000), undefined);
    assert.is(gate.refusal, 'holding-off');
    gate.keep(at(50_000_000), seconds(600));
    assert.is(gate.refusal, undefined);
    gate.keep(at(50_000_001), seconds(60_000));
    assert.is(gate.refusal, 'holding-off');
  },
);

gateTests('the mark is forgotten when no lease can be so old', () => {
  const gate = holdingOff();
  const end = agentDeadline(instant(1000), seconds(TERM_MAX));
  assert.is(gate.keep(at(end - 1), seconds(600)), undefined);
  assert.equal(gate.keep(at(end), seconds(600)), { key: HOLDOFF_KEY, value: null });
  assert.is(gate.due, undefined);
});

gateTests('a store that is written opens what was closed for that, and never a damaged one', () => {
  const gate = new LendingGate();
  gate.close('unwritable');
  assert.is(gate.refusal, 'store-failing');
  gate.storeWorks();
  assert.is(gate.refusal, undefined);
  gate.close('damaged');
  gate.close('unwritable');
  gate.storeWorks();
  assert.is(gate.refusal, 'store-damaged');
});

gateTests('a record that is none is not taken for one', () => {
  const gate = new LendingGate();
  assert.not(gate.restore(HOLDOFF_KEY, new Uint8Array([1, 2]), at(0)));
  assert.not(gate.restore(`${HOLDOFF_KEY}2`, MARK, at(0)));
});

gateTests('an agent that was restored refuses, and lends when the time is over', () => {
  const rig = new AgentRig();
  rig.step({ kind: 'restored', entries: [[HOLDOFF_KEY, MARK]] });
  rig.add(makeLicense(1));
  const client = rig.client(1);
  const refused = client.read(client.ask(acquire(1)));
  assert.is(refused?.kind === 'refused' && refused.code, 'holding-off');
  rig.now += 700_000;
  const notes = rig.step({ kind: 'wake' }).filter(({ kind }) => kind === 'note');
  assert.equal(notes, [{ kind: 'note', note: { kind: 'holdoff-ended' } }]);
  const second = rig.client(2);
  assert.is(second.take(1)?.kind, 'granted');
});

gateTests('a record that makes no sense ends lending: it may have been a lease', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  rig.step({ kind: 'restored', entries: [['lease/00', new Uint8Array([1])]] });
  const client = rig.client(1);
  const refused = client.read(client.ask(acquire(1)));
  assert.is(refused?.kind === 'refused' && refused.code, 'store-damaged');
});

gateTests(
  'a store that fails is tried again, whether somebody asks or not, at a bounded pace',
  () => {
    const rig = new AgentRig();
    rig.step({ kind: 'store-closed', reason: 'the disk is full', damaged: false });
    assert.is(rig.step({ kind: 'wake' }).filter(({ kind }) => kind === 'commit').length, 0);
    rig.now += 5000;
    const probe = rig.step({ kind: 'wake' });
    assert.is(probe.filter(({ kind }) => kind === 'commit').length, 1);
    assert.is(rig.fail(probe).filter(({ kind }) => kind === 'commit').length, 0);
    rig.now += 5000;
    const notes = rig.settle(rig.step({ kind: 'wake' })).filter(({ kind }) => kind === 'note');
    assert.equal(notes, [{ kind: 'note', note: { kind: 'store-working' } }]);
  },
);

gateTests.run();
