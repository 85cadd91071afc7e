import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Asker } from '../../../../agent/core/rules/rule.ts';
import { NO_RULES } from '../../../../agent/core/rules/rules.ts';
import { asker, rulesOf, target } from './rules-rig.ts';

const rules = suite('rules');

const alice = asker('Alice', { host: 'WS-1.corp', application: 'CAD Pro', address: '10.1.2.3' });
const bob = asker('bob');

rules('without a line nothing is ruled', () => {
  assert.ok(NO_RULES.isEmpty);
  assert.is(NO_RULES.excludes(alice, target('cad')), undefined);
  assert.is(NO_RULES.priority(alice, target('cad')), 0);
  assert.is(NO_RULES.idleLimit(alice, target('cad')), undefined);
  assert.equal(NO_RULES.tallies(alice, target('cad')), []);
  assert.equal(NO_RULES.limits(alice, target('cad')), []);
  assert.equal(NO_RULES.reservations(target('cad')), []);
  assert.equal(NO_RULES.borrow(alice, target('cad')), {
    allowed: true,
    longest: undefined,
    seats: undefined,
    key: undefined,
    line: undefined,
  });
});

/** Whether a rule for WHO means the asker. */
const means = (who: string, one: Asker, ...groups: readonly string[]): boolean =>
  rulesOf(...groups, `exclude ${who} from cad`).excludes(one, target('cad')) !== undefined;

rules('each kind of WHO', () => {
  assert.ok(means('everyone', bob));
  assert.ok(means('user alice', alice));
  assert.not.ok(means('user alice', bob));
  assert.ok(means('user a*', alice));
  assert.ok(means('host ws-?.CORP', alice));
  assert.not.ok(means('host alice', alice));
  assert.ok(means('application "cad pro"', alice));
  assert.not.ok(means('application cad', alice));
  assert.ok(means('address 10.1.0.0/16', alice));
  assert.not.ok(means('address 10.2.0.0/16', alice));
  assert.ok(means('address 10.1.2.0-10.1.2.9', { ...alice, address: '::ffff:10.1.2.3' }));
  assert.ok(means('address fe80::/10', { ...alice, address: 'fe80::1%eth0' }));
  assert.not.ok(means('address 0.0.0.0/0', bob), 'nobody knows the address');
  assert.not.ok(means('address ::/0', { ...bob, address: 'junk' }));
});

rules('each kind of member of a group', () => {
  for (const member of [
    'user alice',
    'user *lic?',
    'host ws-1.corp',
    'host ws-*',
    'application "cad pro"',
    'application cad*',
    'address 10.1.2.3',
  ]) {
    const group = `group Team = user zoe, ${member}`;
    assert.ok(means('group tEAM', alice, group), member);
    assert.not.ok(means('group team', bob, group), member);
  }
});

rules('groups within groups, by several ways', () => {
  const lines = [
    'group all = group left, group right',
    'group left = group core',
    'group right = group core, user bob',
    'group core = user alice',
    'group other = user zoe',
  ];
  for (const group of ['all', 'left', 'right', 'core']) {
    assert.ok(means(`group ${group}`, alice, ...lines), group);
  }
  assert.ok(means('group all', bob, ...lines));
  assert.not.ok(means('group left', bob, ...lines));
  assert.not.ok(means('group other', alice, ...lines));
});

rules('a user of the name of a host or group is not meant', () => {
  assert.not.ok(means('group g', asker('ws-1'), 'group g = host ws-1'));
  assert.not.ok(means('group g', asker('h'), 'group h = user zoe', 'group g = group h'));
});

rules('of exclusions the first that fits is told, by product and class', () => {
  const all = rulesOf(
    'exclude user alice from cad/dev',
    'exclude user bob from everything',
    'exclude everyone from sim',
    'exclude user bob from cad',
  );
  assert.is(all.excludes(alice, target('cad/dev'))?.number, 1);
  assert.is(all.excludes(alice, target('cad/exec')), undefined);
  assert.is(all.excludes(alice, target('cad')), undefined, 'some class may be left');
  assert.is(all.excludes(alice, target('CAD/dev')), undefined, 'a product is written exactly');
  assert.equal(all.excludes(alice, target('sim')), {
    number: 3,
    text: 'exclude everyone from sim',
  });
  assert.is(all.excludes(bob, target('cad'))?.number, 2);
  assert.is(all.excludes(bob, target('sim'))?.number, 2);
});

rules('of priorities and idle times the first that fits decides', () => {
  const all = rulesOf(
    'priority -5 everything for user bob',
    'priority 7 cad for everyone',
    'priority 9 cad for user alice',
    'idle never cad for user alice',
    'idle 30 minutes everything for everyone',
    'idle 1 minute cad for user bob',
  );
  assert.is(all.priority(alice, target('cad')), 7);
  assert.is(all.priority(bob, target('cad')), -5);
  assert.is(all.priority(alice, target('sim')), 0);
  assert.is(all.idleLimit(alice, target('cad')), undefined);
  assert.is(all.idleLimit(alice, target('sim')), 1800);
  assert.is(all.idleLimit(bob, target('cad')), 1800);
});

rules('once a line names a product, only those may borrow whom a line names', () => {
  const all = rulesOf(
    'group team = user alice',
    'borrow cad for group team up to 7 days, at most 3 seats',
    'borrow cad for user alice up to 1 day',
    'borrow sim for nobody',
    'borrow sim for user bob',
    'borrow paint/pro for user bob',
  );
  const line = { number: 2, text: 'borrow cad for group team up to 7 days, at most 3 seats' };
  assert.equal(all.borrow(alice, target('cad')), {
    allowed: true,
    longest: 604_800,
    seats: 3,
    key: 'borrow/2',
    line,
  });
  const none = { longest: undefined, seats: undefined, key: undefined };
  assert.equal(all.borrow(bob, target('cad')), { allowed: false, ...none, line });
  assert.is(all.borrow(bob, target('cad/any')).allowed, false);
  assert.is(all.borrow(alice, target('sim')).line?.number, 4);
  assert.is(all.borrow(alice, target('sim')).allowed, false);
  assert.is(all.borrow(bob, target('sim')).allowed, true, 'nobody keeps no later line away');
  assert.is(all.borrow(alice, target('other')).allowed, true);
  assert.is(all.borrow(alice, target('paint/pro')).allowed, false);
  assert.is(all.borrow(alice, target('paint/home')).allowed, true);
  assert.is(rulesOf('borrow everything for nobody').borrow(bob, target('other')).allowed, false);
});

rules('every limit that fits holds, under the key of those whom it counts together', () => {
  const all = rulesOf(
    'group lab = user alice, user zoe',
    'limit 3 cad for group lab',
    'limit 1 everything for each user',
    'limit 2 cad/dev for each host in group lab',
    'limit 9 cad for user bob',
    'limit 8 sim for everyone',
  );
  const keys = (one: Asker, text: string): readonly string[] =>
    all.limits(one, target(text)).map(({ key, most }) => `${key} ${most}`);
  assert.equal(keys(alice, 'cad/dev'), [
    'limit/2 3',
    'limit/3/user/alice 1',
    'limit/4/host/ws-1.corp 2',
  ]);
  assert.equal(keys(alice, 'cad'), ['limit/2 3', 'limit/3/user/alice 1']);
  assert.equal(keys(bob, 'cad/dev'), ['limit/3/user/bob 1', 'limit/5 9']);
  assert.equal(keys(bob, 'sim'), ['limit/3/user/bob 1', 'limit/6 8']);
  assert.is(all.limits(alice, target('cad'))[0]?.line.text, 'limit 3 cad for group lab');
});

rules(
  'a seat adds to each limit on it and, once, to the reservations that it could take up',
  () => {
    const all = rulesOf(
      'limit 3 cad for everyone',
      'reserve 2 cad for user alice',
      'reserve 2 cad/dev for user a*',
      'reserve 2 cad for user bob',
      'reserve 2 sim for user alice',
      'borrow cad for everyone, at most 3 seats',
    );
    assert.equal(all.tallies(alice, target('cad/dev')), ['limit/1', 'reserve/2+3']);
    assert.equal(all.tallies(alice, target('cad/exec')), ['limit/1', 'reserve/2']);
    assert.equal(all.tallies(bob, target('cad/dev')), ['limit/1', 'reserve/4']);
  },
);

rules('reservations of a product, whatever their class, and whom they are for', () => {
  const all = rulesOf(
    'reserve 2 cad for user alice',
    'reserve 1 cad/dev for user bob',
    'reserve 2 sim for user alice',
  );
  const found = all.reservations(target('cad/exec'));
  assert.equal(found, [
    {
      key: 'reserve/1',
      seats: 2,
      line: { number: 1, text: 'reserve 2 cad for user alice' },
      target: { product: 'cad', class: null },
    },
    {
      key: 'reserve/2',
      seats: 1,
      line: { number: 2, text: 'reserve 1 cad/dev for user bob' },
      target: { product: 'cad', class: 'dev' },
    },
  ]);
  assert.ok(all.isFor('reserve/1', alice));
  assert.not.ok(all.isFor('reserve/1', bob));
  assert.ok(all.isFor('reserve/2', bob));
  assert.throws(() => all.isFor('reserve/9', bob), /no reservation has the key/);
});

rules('askers are told apart, whoever asked before', () => {
  const all = rulesOf('exclude user alice from cad');
  for (const one of [alice, bob, alice, { ...alice, user: 'zoe' }]) {
    const isAlice = one === alice;
    assert.is(all.excludes(one, target('cad')) !== undefined, isAlice);
    assert.is(all.excludes(one, target('cad')) !== undefined, isAlice);
  }
});

rules.run();
