import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { leaseStoreKey } from '../../../agent/core/seats/lease-record.ts';
import { SESSION_IDLE } from '../../../agent/core/sessions/session-table.ts';
import { plainPool } from '../../plain-license.ts';
import { AgentRig, acquire, armored, makeLicense, only, renew, writesToText } from './agent-rig.ts';

const leases = suite('agent: leases');

const TERM_MS = 60_000;

leases('a grant is spoken when it is on the disk, not before', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  const effects = ann.ask(acquire(1));
  assert.is(ann.read(effects), undefined);
  assert.is(ann.read(rig.settle(effects))?.kind, 'granted');
});

leases('a grant that cannot be written is refused, and its session is forgotten in time', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  const reply = ann.read(rig.fail(ann.ask(acquire(1))));
  assert.is(reply?.kind === 'refused' && reply.code, 'store-failing');
  assert.is(rig.agent.leaseCount, 0);
  assert.equal(rig.agent.tableSizes, { deadlines: 1, sessions: 1, waiters: 0 });
  rig.now += SESSION_IDLE;
  rig.step({ kind: 'wake' });
  assert.equal(rig.agent.tableSizes, { deadlines: 0, sessions: 0, waiters: 0 });
});

leases('a newcomer beyond the sessions that are remembered is told so, and is not', () => {
  const rig = new AgentRig(1, [], 1);
  rig.add(makeLicense(1, { pools: [plainPool(1, 'developer')] }));
  const ask = (number: number) => {
    const client = rig.client(number);
    const reply = client.read(client.ask(acquire(1, 'no such class')));
    return reply?.kind === 'refused' && reply.code;
  };
  assert.is(ask(1), 'no-class');
  assert.is(ask(2), 'busy');
  assert.equal(rig.agent.tableSizes, { deadlines: 1, sessions: 1, waiters: 0 });
});

leases('an acquire under a new id replaces the one whose answer was lost', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  ann.take(1);
  const reply = ann.take(3);
  assert.is(reply?.kind, 'granted');
  assert.is(reply?.id, 3);
  assert.is(rig.agent.leaseCount, 1);
});

leases('an acquire that replaces one and is refused leaves no record', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1, { pools: [plainPool(1, 'developer')] }));
  const ann = rig.client(1);
  ann.take(1, 'developer');
  const effects = ann.ask(acquire(2, 'execution'));
  const reply = ann.read(effects);
  assert.is(reply?.kind === 'refused' && reply.code, 'no-class');
  const { writes } = only(effects, 'commit');
  assert.equal(writesToText(writes), [`-${leaseStoreKey(ann.clientKey)}`]);
  assert.equal(rig.agent.tableSizes, { deadlines: 1, sessions: 1, waiters: 0 });
});

leases('an acquire that comes again while it is written, or late, is done once', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  const effects = ann.ask(acquire(1));
  assert.equal(ann.ask(acquire(1)), []);
  assert.is(ann.read(rig.settle(effects))?.kind, 'granted');
  assert.is(ann.read(ann.ask(acquire(1)))?.kind, 'granted', 'the answer was lost');
  ann.ask({ kind: 'release', id: 2 });
  assert.equal(ann.ask(acquire(1)), [], 'it was released since');
  assert.is(rig.agent.leaseCount, 0);
});

leases('an acquire that was refused is refused again, even when a seat has come free', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  const bob = rig.client(2);
  ann.take(1);
  const refused = [bob.ask(acquire(1)), bob.ask(acquire(1))];
  ann.ask({ kind: 'release', id: 2 });
  refused.push(bob.ask(acquire(1)));
  for (const effects of refused) {
    const reply = bob.read(effects);
    assert.is(reply?.kind === 'refused' && reply.code, 'no-seat');
  }
  assert.is(bob.take(2)?.kind, 'granted');
});

leases('a grant that could not be written is refused again when its answer was lost', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  rig.fail(ann.ask(acquire(1)));
  const reply = ann.read(ann.ask(acquire(1)));
  assert.is(reply?.kind === 'refused' && reply.code, 'store-failing');
});

leases('a seat that is taken back while it is written is never given', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  const effects = ann.ask(acquire(1));
  rig.operate({ kind: 'seat-disconnect', id: '', force: false });
  const settled = rig.settle(effects);
  const reply = ann.read(settled);
  assert.is(reply?.kind === 'refused' && reply.code, 'disconnected');
  const { writes } = only(settled, 'commit');
  assert.equal(writesToText(writes), [`-${leaseStoreKey(ann.clientKey)}`]);
  assert.is(rig.agent.leaseCount, 0);
});

leases('the commit of a lapsed lease speaks for nobody who has its slot since', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  const slow = ann.ask(acquire(1));
  rig.now += 2 * TERM_MS;
  rig.step({ kind: 'wake' });
  rig.now += SESSION_IDLE;
  rig.step({ kind: 'wake' });
  const bob = rig.client(2);
  const waiting = bob.ask(acquire(1));
  assert.equal(rig.settle(slow), []);
  assert.is(bob.read(rig.settle(waiting))?.kind, 'granted');
});

leases('a generic seat is lent only when no license has one of the class', () => {
  const rig = new AgentRig();
  const developer = plainPool(1, 'developer');
  rig.add(makeLicense(1), makeLicense(2, { pools: [developer] }));
  const first = rig.client(1).take(1, 'developer');
  const classes = (): readonly string[] => {
    const outcome = rig.change({ kind: 'seat-list' });
    return outcome.kind === 'seat-list' ? outcome.seats.map((seat) => seat.class) : [];
  };
  assert.is(first?.kind, 'granted');
  assert.equal(classes(), ['developer']);
  const second = rig.client(2).take(1, 'developer');
  assert.is(second?.kind, 'granted');
  assert.equal(classes(), ['developer', 'generic']);
});

leases.run();

const strangers = suite('agent: strangers');

strangers('a hello presented under another cookie is not opened', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const recorded = rig.client(1).hello(acquire(1));
  const stranger = rig.client(9);
  const presented = recorded.slice();
  presented.set(stranger.discover().offer.cookie, 4);
  assert.equal(rig.hear(stranger.endpoint, presented), []);
  assert.equal(rig.agent.tableSizes, { deadlines: 0, sessions: 0, waiters: 0 });
});

strangers('a hello never finds its session forgotten while its cookie is good', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  const recorded = ann.hello(acquire(1));
  rig.settle(rig.hear(ann.endpoint, recorded));
  ann.ask({ kind: 'release', id: 2 });
  for (rig.now = 0; rig.now < 300_000; rig.now += 1000) {
    rig.step({ kind: 'wake' });
    assert.equal(rig.hear(ann.endpoint, recorded), [], `after ${rig.now} ms`);
  }
  assert.equal(rig.agent.tableSizes, { deadlines: 0, sessions: 0, waiters: 0 });
});

strangers.run();

const store = suite('agent: failing store');

store('what a failed commit should have written goes along with the next one', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1, { pools: [plainPool(5)] }));
  const ann = rig.client(1);
  const bob = rig.client(2);
  ann.take(1);
  rig.fail(ann.ask({ kind: 'release', id: 2 }));
  const next = only(bob.ask(acquire(1)), 'commit');
  const [forgotten, granted] = [ann, bob].map(({ clientKey }) => leaseStoreKey(clientKey));
  assert.equal(writesToText(next.writes), [`-${forgotten}`, `+${granted}`]);
  rig.step({ kind: 'committed', ticket: next.ticket });
  const last = only(bob.ask({ kind: 'release', id: 2 }), 'commit');
  assert.equal(writesToText(last.writes), [`-${granted}`], 'once is enough');
});

store('what is owed to the disk is tried again when a deadline comes', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  rig.fail(ann.ask(acquire(1)));
  rig.now += SESSION_IDLE;
  const { writes } = only(rig.step({ kind: 'wake' }), 'commit');
  assert.equal(writesToText(writes), [`-${leaseStoreKey(ann.clientKey)}`]);
});

store('what failed is not owed where a later commit is on its way', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const ann = rig.client(1);
  ann.take(1);
  const release = ann.ask({ kind: 'release', id: 2 });
  const again = ann.ask(acquire(3));
  rig.fail(release);
  assert.is(ann.read(rig.settle(again))?.kind, 'granted');
  rig.now += TERM_MS / 2;
  assert.equal(
    rig.step({ kind: 'wake' }).filter(({ kind }) => kind === 'commit'),
    [],
  );
});

store('a license whose removal failed stays, on the disk too', () => {
  const rig = new AgentRig();
  const bytes = makeLicense(1);
  rig.add(bytes);
  const failed = rig.fail(rig.operate({ kind: 'license-remove', id: '' }));
  assert.is(only(failed, 'answer').outcome.kind, 'refused');
  const [first] = only(rig.client(1).ask(acquire(1)), 'commit').writes;
  assert.match(first?.key ?? '', /^license\//);
  assert.equal([...(first?.value ?? [])], [...bytes]);
});

store.run();

const licenses = suite('agent: license changes');

licenses('a license that is not taken is not written', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  const text = armored(makeLicense(1, { customer: 'Another Ltd' }));
  const effects = rig.operate({ kind: 'license-add', text });
  const { outcome } = only(effects, 'answer');
  assert.is(outcome.kind === 'license-add' && outcome.results[0]?.fault, 'duplicate');
  assert.not(effects.some(({ kind }) => kind === 'commit'));
});

licenses('the second of two equal blocks is a duplicate', () => {
  const rig = new AgentRig();
  const outcome = rig.add(makeLicense(1), makeLicense(1));
  assert.equal(outcome.kind === 'license-add' && outcome.results.map(({ fault }) => fault), [
    null,
    'duplicate',
  ]);
});

licenses('changes are decided one after the other, each on what is true by then', () => {
  const rig = new AgentRig();
  const bytes = makeLicense(1);
  const added = rig.add(bytes);
  const id = added.kind === 'license-add' ? (added.results[0]?.added?.id ?? '') : '';
  const removing = rig.operate({ kind: 'license-remove', id });
  assert.equal(rig.operate({ kind: 'license-add', text: armored(bytes) }), []);
  assert.equal(rig.operate({ kind: 'license-remove', id }), []);
  const adding = rig.settle(removing);
  const removingAgain = rig.settle(adding);
  const done = rig.settle(removingAgain);
  for (const effects of [removing, adding, removingAgain, done]) {
    assert.ok(effects.filter(({ kind }) => kind === 'answer').length <= 1);
  }
  assert.is(only(done, 'answer').outcome.kind, 'license-remove');
  assert.is(rig.client(1).discover().offer.products.length, 0);
});

licenses('a removed license lends nothing, and its seats stay counted when it is back', () => {
  const rig = new AgentRig();
  const bytes = makeLicense(1);
  const added = rig.add(bytes);
  const id = added.kind === 'license-add' ? (added.results[0]?.added?.id ?? '') : '';
  const ann = rig.client(1);
  ann.take(1);
  rig.change({ kind: 'license-remove', id });
  const refused = ann.read(ann.ask(renew(2)));
  assert.is(refused?.kind === 'refused' && refused.code, 'license-removed');
  rig.add(bytes);
  const bob = rig.client(2);
  const full = bob.read(bob.ask(acquire(1)));
  assert.is(full?.kind === 'refused' && full.code, 'no-seat');
});

licenses.run();
