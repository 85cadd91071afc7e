/** What seeds of the simulator once found in the agent, each in as few steps as it takes. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { leaseStoreKey } from '../../../agent/core/seats/lease-record.ts';
import { licenseId } from '../../../protocol/ids.ts';
import type { Request } from '../../../protocol/requests.ts';
import { epochSeconds, seconds } from '../../../protocol/units.ts';
import { plainPool } from '../../plain-license.ts';
import { AgentRig, ANN, acquire, makeLicense, only, renew } from './agent-rig.ts';
import { clientOf, pass, rigWith, seatsOf, take, wordOf } from './seats/seat-rig.ts';

const NOW = 1_800_000_000;
const BOB = { ...ANN, user: 'bob' };
const LATER = epochSeconds(NOW + 100);
const idOf = (number: number) => licenseId(new Uint8Array(16).fill(number));

const borrow = (id: number): Request => ({
  kind: 'borrow',
  id,
  duration: seconds(60),
  hostCode: new Uint8Array(10).fill(3),
});

const lentOf = (rig: AgentRig): number =>
  [...rig.agent.pools()].reduce((sum, pool) => sum + pool.lent, 0);

const rule = (rig: AgentRig, ...lines: readonly string[]): void => {
  rig.operate({ kind: 'rules-apply', file: { ok: true, value: lines.join('\n') } });
};

const found = suite('found by seeds');

found(
  'the session of a waiter that was passed over is remembered: its hello is not done again',
  () => {
    const rig = rigWith({});
    take(rig, clientOf(rig, 1), 1);
    const waiter = clientOf(rig, 2);
    const hello = waiter.hello(acquire(1, null, { holder: BOB }, true));
    assert.is(wordOf(waiter.read(rig.hear(waiter.endpoint, hello))), 'queued');
    pass(rig, 20);
    assert.is(rig.agent.tableSizes.waiters, 0);
    assert.equal(rig.hear(waiter.endpoint, hello), []);
  },
);

found('who shares a seat in surplus gets no fresh lease: the surplus ends', () => {
  const stages = [{ from: LATER, until: null, seats: 1 }];
  const rig = rigWith({
    counting: 'user',
    pools: [{ ...plainPool(2), stages }],
    term: seconds(600),
  });
  take(rig, clientOf(rig, 1), 1);
  take(rig, clientOf(rig, 2), 1, { holder: BOB });
  pass(rig, 100);
  assert.is(wordOf(take(rig, clientOf(rig, 3), 1, { holder: BOB })), 'no-seat');
});

found('a borrow asked twice is answered when its token is on the disk, and not before', () => {
  const rig = rigWith({ borrow: { seats: 1, longest: seconds(900) } });
  const ann = clientOf(rig, 1);
  take(rig, ann, 1);
  const effects = ann.ask(borrow(2));
  assert.is(ann.read(ann.ask(borrow(2))), undefined);
  assert.is(wordOf(ann.read(rig.settle(effects))), 'borrowed');
  assert.is(wordOf(ann.read(ann.ask(borrow(2)))), 'borrowed');
});

found('a borrowed seat is not prolonged where fewer seats are than are lent', () => {
  const stages = [{ from: LATER, until: null, seats: 1 }];
  const terms = { pools: [{ ...plainPool(2), stages }], term: seconds(600) };
  const rig = rigWith({ ...terms, borrow: { seats: 2, longest: seconds(900) } });
  take(rig, clientOf(rig, 1), 1);
  const bob = clientOf(rig, 2);
  take(rig, bob, 1, { holder: BOB });
  rig.settle(bob.ask(borrow(2)));
  pass(rig, 100);
  assert.is(wordOf(bob.read(bob.ask(borrow(3)))), 'seats-reduced');
});

found('who shares a seat of a license that was superseded and removed shares it on', () => {
  const rig = rigWith({ counting: 'user' });
  take(rig, clientOf(rig, 1), 1);
  rig.add(makeLicense(2, { counting: 'user', supersedes: [idOf(1)] }));
  rig.change({ kind: 'license-remove', id: idOf(1) });
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1)), 'granted');
  assert.is(lentOf(rig), 1);
});

found('a shared seat of a superseded license is lent to nobody else', () => {
  const rig = rigWith({ counting: 'user' });
  take(rig, clientOf(rig, 1), 1);
  rig.add(makeLicense(2, { counting: 'user', supersedes: [idOf(1)] }));
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1)), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 3), 1, { holder: BOB })), 'no-seat');
  assert.is(lentOf(rig), 1);
});

found('an acquire that is repeated gets no other term of a license that has expired', () => {
  const rig = rigWith({ expires: LATER, term: seconds(600) });
  const ann = clientOf(rig, 1);
  assert.is(wordOf(take(rig, ann, 1)), 'granted');
  pass(rig, 100);
  assert.is(wordOf(ann.read(ann.ask(acquire(1)))), 'license-expired');
});

found('who shares a seat is shown no license that another has added for more', () => {
  const version = '1.9';
  const terms = { counting: 'user', pools: [plainPool(1)] } as const;
  const rig = rigWith({ ...terms }, { ...terms, versions: { oldest: '2.0', newest: null } });
  const [one, two] = [clientOf(rig, 1), clientOf(rig, 2)];
  assert.is(wordOf(take(rig, one, 1, { version })), 'granted');
  assert.is(wordOf(take(rig, two, 1, { version: '2.5', weight: 2 })), 'granted');
  const again = one.read(one.ask(acquire(1, null, { version })));
  assert.is(again?.kind === 'granted' && again.parts.length, 1);
});

found('a grant whose answer was lost is not repeated of an heir that does not cover it', () => {
  const rig = rigWith({});
  const ann = clientOf(rig, 1);
  assert.is(wordOf(take(rig, ann, 1, { version: '2.5' })), 'granted');
  const versions = { oldest: '3.0', newest: null };
  rig.add(makeLicense(2, { versions, supersedes: [idOf(1)] }));
  const again = acquire(1, null, { version: '2.5' });
  assert.is(wordOf(ann.read(ann.ask(again))), 'license-superseded');
});

found('a clock that is set on and back prolongs no trial', () => {
  const rig = rigWith({ trial: seconds(1000), term: seconds(600) });
  const ann = clientOf(rig, 1);
  rig.wall += 100_000;
  rig.settle(rig.step({ kind: 'wake' }));
  assert.is(wordOf(take(rig, ann, 1)), 'granted');
  rig.wall = NOW;
  assert.is(rig.change({ kind: 'clock-reset' }).kind, 'clock-reset');
  assert.is(wordOf(ann.read(ann.ask(renew(2)))), 'renewed');
  rig.wall += 1000;
  assert.is(wordOf(ann.read(ann.ask(renew(3)))), 'ending');
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1)), 'trial-ended');
});

found('a grant that fails along with the end of its lease leaves no record', () => {
  const rig = rigWith({});
  const ann = clientOf(rig, 1);
  const granted = ann.ask(acquire(1));
  const [seat] = seatsOf(rig);
  rig.operate({ kind: 'seat-disconnect', id: seat?.id ?? '', force: false });
  const { ticket } = only(granted, 'commit');
  const later = rig.step({ kind: 'commit-failed', ticket: ticket + 1, reason: 'full' });
  const { writes } = only(later, 'commit');
  assert.is(writes.at(-1)?.key, leaseStoreKey(ann.clientKey));
  assert.is(writes.at(-1)?.value, null);
});

found('nobody joins a share that shows a server license which has ended', () => {
  const term = seconds(600);
  const server = { type: 'server', term, pools: [], features: ['cloud'], expires: LATER } as const;
  const rig = rigWith(
    { counting: 'user', term, pools: [plainPool(2)], features: ['core'] },
    server,
  );
  const cloud = take(rig, clientOf(rig, 1), 1, { features: ['core', 'cloud'] });
  assert.is(cloud?.kind === 'granted' && cloud.parts.length, 2);
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1, { features: ['core'] })), 'granted');
  assert.is(lentOf(rig), 1);
  pass(rig, 100);
  const core = take(rig, clientOf(rig, 3), 1, { features: ['core'] });
  assert.is(core?.kind === 'granted' && core.parts.length, 1);
});

found('a shared seat that has grown counts as it has grown after a restart', () => {
  const store = new Map<string, Uint8Array>();
  const rig = new AgentRig();
  const { step } = rig.agent;
  rig.agent.step = (...args) => {
    const effects = step.apply(rig.agent, args);
    for (const effect of effects) {
      if (effect.kind !== 'commit') continue;
      for (const { key, value } of effect.writes) {
        if (value !== null) store.set(key, value);
      }
    }
    return effects;
  };
  rig.add(
    makeLicense(1, { counting: 'user', pools: [plainPool(2)] }),
    makeLicense(2, { counting: 'user', pools: [plainPool(3)] }),
  );
  take(rig, clientOf(rig, 1), 1, { weight: 2 });
  take(rig, clientOf(rig, 2), 1, { weight: 4 });
  assert.is(lentOf(rig), 4);
  for (const order of [1, -1]) {
    const again = new AgentRig(2);
    const entries = [...store].sort(([one], [other]) => (one < other ? -order : order));
    again.step({ kind: 'restored', entries });
    again.step({ kind: 'wake' });
    assert.is(lentOf(again), 4);
  }
});

found('a heavy wish takes no generic seats that are kept for another class', () => {
  const pools = [plainPool(1, 'developer'), plainPool(1, 'execution'), plainPool(3)];
  const rig = rigWith({ pools });
  rule(rig, 'reserve 3 acme-cad/developer for user bob');
  const heavy = take(rig, clientOf(rig, 1), 1, { class: 'execution', weight: 2 });
  assert.is(heavy?.kind === 'granted' && heavy.parts.length, 2);
  const kept = { class: 'developer', weight: 3, holder: BOB };
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1, kept)), 'granted');
});

found('a reservation of generic seats keeps nobody from the seats of a class', () => {
  const rig = rigWith({ pools: [plainPool(1, 'execution'), plainPool(1)] });
  rule(rig, 'reserve 2 acme-cad/generic for user bob');
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1, { class: 'execution' })), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1, { class: 'execution' })), 'reserved');
});

found('seats of a license that has ended cover no reservation', () => {
  const ended = { pools: [plainPool(2, 'developer')], expires: epochSeconds(NOW - 5) };
  const rig = rigWith(ended, { pools: [plainPool(1, 'developer'), plainPool(2)] });
  rule(rig, 'reserve 3 acme-cad/developer for user bob');
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1)), 'reserved');
});

found('seats beyond the licensed count are no way around a reservation', () => {
  const pools = [{ ...plainPool(1), overdraft: 2 }];
  const rig = rigWith({ pools });
  rule(rig, 'reserve 1 acme-cad for user bob');
  const words = [1, 2, 3].map((number) => wordOf(take(rig, clientOf(rig, number), 1)));
  assert.equal(words, ['granted', 'granted', 'reserved']);
  assert.is(wordOf(take(rig, clientOf(rig, 4), 1, { holder: BOB })), 'granted');
});

found.run();
