/** What a license can promise, on an agent on a bench: types, weights, shares, adding up, stages. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { licenseId } from '../../../../protocol/ids.ts';
import type { SeatWish } from '../../../../protocol/requests.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, makeLicense, only, renew } from '../agent-rig.ts';
import { clientOf, pass, rigWith, seatsOf, take, wordOf } from '../seats/seat-rig.ts';

const NOW = 1_800_000_000;
const idOf = (number: number) => licenseId(new Uint8Array(16).fill(number));

const seats = suite('licenses: seats');

seats('a 5-seat and a 3-seat license of one product give 8', () => {
  const rig = rigWith({ pools: [plainPool(5)] }, { pools: [plainPool(3)] });
  for (let i = 1; i <= 8; i++) assert.is(wordOf(take(rig, clientOf(rig, i), 1)), 'granted');
  const ninth = take(rig, clientOf(rig, 9), 1);
  assert.is(wordOf(ninth), 'no-seat');
  assert.equal(ninth?.kind === 'refused' && [ninth.inUse, ninth.seats], [8, 8]);
});

seats('several seats at once are all or nothing, and may be of several licenses', () => {
  const rig = rigWith({ pools: [plainPool(5)] }, { pools: [plainPool(3)] });
  const heavy = take(rig, clientOf(rig, 1), 1, { weight: 6 });
  assert.is(heavy?.kind, 'granted');
  const parts = heavy?.kind === 'granted' ? heavy.parts : [];
  assert.equal(
    parts.map((part) => part.seats),
    [5, 1],
  );
  assert.is.not(parts[0]?.document.join(), parts[1]?.document.join());
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1, { weight: 3 })), 'no-seat');
  assert.is(wordOf(take(rig, clientOf(rig, 3), 1, { weight: 9 })), 'too-heavy');
  assert.is(wordOf(take(rig, clientOf(rig, 4), 1, { weight: 2 })), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 5), 1)), 'no-seat');
});

seats('one pool that has all the seats is used before several are', () => {
  const rig = rigWith({ pools: [plainPool(2)] }, { pools: [plainPool(4)] });
  const reply = take(rig, clientOf(rig, 1), 1, { weight: 3 });
  assert.equal(reply?.kind === 'granted' && reply.parts.map((part) => part.seats), [3]);
});

seats('the instances of one user share a seat, and the last one gives it back', () => {
  const rig = rigWith({ counting: 'user', pools: [plainPool(1)] });
  const [one, two, other] = [clientOf(rig, 1), clientOf(rig, 2), clientOf(rig, 3)];
  assert.is(wordOf(take(rig, one, 1)), 'granted');
  // Capitals make no other user; another host does not matter.
  assert.is(wordOf(take(rig, two, 1, { holder: { ...ANN, user: 'ANN', host: 'lap' } })), 'granted');
  const bob = { ...ANN, user: 'bob' };
  assert.is(wordOf(take(rig, other, 1, { holder: bob })), 'no-seat');
  rig.settle(one.ask({ kind: 'release', id: 2 }));
  assert.is(wordOf(take(rig, other, 2, { holder: bob })), 'no-seat');
  rig.settle(two.ask({ kind: 'release', id: 2 }));
  assert.is(wordOf(take(rig, other, 3, { holder: bob })), 'granted');
});

seats('per host, another user of the computer shares and another computer does not', () => {
  const rig = rigWith({ counting: 'host', pools: [plainPool(1)] });
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1)), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1, { holder: { ...ANN, user: 'bob' } })), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 3), 1, { holder: { ...ANN, host: 'lap' } })), 'no-seat');
});

seats('who shares a seat and wants more pays the difference', () => {
  const rig = rigWith({ counting: 'user', pools: [plainPool(4)] });
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1, { weight: 2 })), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1, { weight: 5 })), 'too-heavy');
  assert.is(wordOf(take(rig, clientOf(rig, 2), 2, { weight: 3 })), 'granted');
  assert.equal(
    [...rig.agent.pools()].map((pool) => pool.lent),
    [3],
  );
});

seats('who shares a seat gets no feature that its license does not cover', () => {
  const render = { counting: 'user', features: ['core', 'render'] } as const;
  const rig = rigWith({ counting: 'user', features: ['core'] }, render);
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1, { features: ['core'] })), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1, { features: ['render'] })), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 3), 1, { features: ['core'] })), 'granted');
  assert.equal(
    [...rig.agent.pools()].map((pool) => pool.lent),
    [1, 1],
  );
  rig.add(makeLicense(9, { type: 'server', pools: [], features: ['cloud'] }));
  const cloud = take(rig, clientOf(rig, 4), 1, { features: ['core', 'cloud'] });
  assert.equal(cloud?.kind === 'granted' && cloud.parts.map((part) => part.seats), [1, 0]);
});

seats('seats beyond the count that the vendor tolerates are marked, and end', () => {
  const rig = rigWith({ pools: [{ ...plainPool(1), overdraft: 1 }] });
  const first = take(rig, clientOf(rig, 1), 1);
  const second = take(rig, clientOf(rig, 2), 1);
  assert.is(first?.kind === 'granted' && first.overdraft, false);
  assert.is(second?.kind === 'granted' && second.overdraft, true);
  assert.is(wordOf(take(rig, clientOf(rig, 3), 1)), 'no-seat');
  assert.equal(
    seatsOf(rig)
      .map((seat) => seat.overdraft)
      .sort(),
    [false, true],
  );
});

seats.run();

const types = suite('licenses: types');

types('a server license has no limit, and switches features on', () => {
  const rig = rigWith({ type: 'server', pools: [], features: ['render'] });
  for (let i = 1; i <= 50; i++) {
    assert.is(wordOf(take(rig, clientOf(rig, i), 1, { features: ['render'] })), 'granted');
  }
  assert.is(wordOf(take(rig, clientOf(rig, 51), 1, { features: ['cloud'] })), 'no-feature');
});

types('beside seats, a server license adds its features and no seats', () => {
  const rig = rigWith({ features: ['core'] });
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1, { features: ['core', 'render'] })), 'no-feature');
  rig.add(makeLicense(9, { type: 'server', pools: [], features: ['render'] }));
  const both = take(rig, clientOf(rig, 1), 2, { features: ['core', 'render'] });
  const parts = both?.kind === 'granted' ? both.parts : [];
  assert.equal(
    parts.map(({ pool, seats }) => [pool, seats]),
    [
      [0, 1],
      [null, 0],
    ],
    'what proves the feature is named, too',
  );
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1)), 'no-seat');
});

types('a standalone license lends nothing', () => {
  const hostCode = new Uint8Array(10).fill(1);
  const rig = rigWith({ type: 'standalone', pools: [], hostCode });
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1)), 'standalone-only');
});

types('a named license lends to nobody who is not assigned', () => {
  const rig = rigWith({ type: 'named', pools: [plainPool(2)] });
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1)), 'not-assigned');
});

types.run();

const coverage = suite('licenses: what they cover');

coverage('versions within the range, and released before the maintenance ended', () => {
  const maintenance = epochSeconds(NOW);
  const rig = rigWith({
    versions: { oldest: '10', newest: '12' },
    maintenance,
    pools: [plainPool(9)],
  });
  const ask = (terms: Partial<SeatWish>, i: number) =>
    wordOf(take(rig, clientOf(rig, i), 1, terms));
  const released = epochSeconds(NOW - 1);
  assert.is(ask({}, 1), 'version-needed');
  assert.is(ask({ version: '12.9.4', released }, 2), 'granted');
  assert.is(ask({ version: '9.9', released }, 3), 'no-version');
  assert.is(ask({ version: '13', released }, 4), 'no-version');
  assert.is(ask({ version: '11' }, 5), 'version-needed');
  assert.is(ask({ version: '11', released: maintenance }, 6), 'no-maintenance');
});

coverage('the reason that says most is told', () => {
  const rig = rigWith({ expires: epochSeconds(NOW - 5) }, { features: ['core'] });
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1, { features: ['render'] })), 'no-feature');
});

coverage('a license tied to a resource serves it alone, when it is activated for it', () => {
  const rig = rigWith({ resource: 'plans' });
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1)), 'resource-needed');
  assert.is(wordOf(take(rig, clientOf(rig, 1), 2, { resource: 'plans' })), 'no-resource');
});

coverage.run();

const times = suite('licenses: stages and successors');

times('an increase in March is there in March', () => {
  const stages = [{ from: epochSeconds(NOW + 100), until: epochSeconds(NOW + 200), seats: 2 }];
  const rig = rigWith({ pools: [{ ...plainPool(1), stages }], term: seconds(600) });
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1)), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1)), 'no-seat');
  pass(rig, 100);
  assert.is(wordOf(take(rig, clientOf(rig, 2), 2)), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 3), 1)), 'no-seat');
});

times('a decrease throws nobody out: the newest is told at once and not renewed', () => {
  const stages = [{ from: epochSeconds(NOW + 100), until: null, seats: 1 }];
  const rig = rigWith({ pools: [{ ...plainPool(2), stages }], term: seconds(600) });
  const [ann, bob] = [clientOf(rig, 1), clientOf(rig, 2)];
  take(rig, ann, 1);
  pass(rig, 10);
  take(rig, bob, 1);
  const told = bob.read(pass(rig, 90));
  assert.equal(told?.kind === 'ending' && [told.id, told.code], [0, 'seats-reduced']);
  assert.is(wordOf(ann.read(ann.ask(renew(2)))), 'renewed');
  const left = bob.read(bob.ask(renew(2)));
  assert.equal(left?.kind === 'ending' && [left.term, left.code], [510, 'seats-reduced']);
  assert.is(rig.agent.leaseCount, 2);
  pass(rig, 514);
  assert.is(rig.agent.leaseCount, 1);
  assert.is(wordOf(bob.read(bob.ask(renew(3)))), 'not-held');
});

times('when a seat comes back after a decrease, the one that was to end goes on', () => {
  const stages = [{ from: epochSeconds(NOW + 100), until: null, seats: 1 }];
  const rig = rigWith({ pools: [{ ...plainPool(2), stages }], term: seconds(600) });
  const [ann, bob] = [clientOf(rig, 1), clientOf(rig, 2)];
  take(rig, ann, 1);
  take(rig, bob, 1);
  pass(rig, 100);
  rig.settle(ann.ask({ kind: 'release', id: 2 }));
  assert.is(wordOf(bob.read(bob.ask(renew(2)))), 'renewed');
});

times('a renewal of a license takes its place without disturbing anybody', () => {
  const rig = rigWith({
    pools: [plainPool(2)],
    expires: epochSeconds(NOW + 1000),
    term: seconds(600),
  });
  const ann = clientOf(rig, 1);
  take(rig, ann, 1);
  rig.add(makeLicense(7, { pools: [plainPool(2)], supersedes: [idOf(1)], term: seconds(600) }));
  assert.equal(
    seatsOf(rig).map((seat) => seat.license),
    [idOf(7)],
  );
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1)), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 3), 1)), 'no-seat');
  pass(rig, 300);
  assert.is(wordOf(ann.read(ann.ask(renew(2)))), 'renewed');
  pass(rig, 500);
  assert.is(wordOf(ann.read(ann.ask(renew(3)))), 'renewed');
  pass(rig, 400);
  assert.is(wordOf(ann.read(ann.ask(renew(4)))), 'renewed', 'the old one has expired by now');
});

times(
  'a successor that begins later takes its place then, and a removed one gives nothing back',
  () => {
    const rig = rigWith({ pools: [plainPool(1)], term: seconds(600) });
    rig.add(
      makeLicense(7, {
        starts: epochSeconds(NOW + 100),
        supersedes: [idOf(1)],
        term: seconds(600),
      }),
    );
    const states = () => {
      const outcome = only(rig.operate({ kind: 'license-list' }), 'answer').outcome;
      return outcome.kind === 'license-list' ? outcome.licenses.map((one) => one.state) : [];
    };
    assert.equal(states(), ['active', 'pending']);
    assert.is(wordOf(take(rig, clientOf(rig, 1), 1)), 'granted');
    rig.settle(pass(rig, 100));
    assert.equal(states(), ['superseded', 'active']);
    assert.is(wordOf(take(rig, clientOf(rig, 2), 1)), 'no-seat');
    rig.change({ kind: 'license-remove', id: idOf(7) });
    assert.equal(states(), ['superseded']);
    assert.is(wordOf(take(rig, clientOf(rig, 2), 2)), 'license-superseded');
  },
);

times('a trial ends days after its first use, whatever other trial is added', () => {
  const trial = seconds(1000);
  const rig = rigWith({ trial, pools: [plainPool(3)], term: seconds(600) });
  pass(rig, 5000);
  const ann = clientOf(rig, 1);
  assert.is(wordOf(take(rig, ann, 1)), 'granted', 'it has not begun before');
  rig.add(makeLicense(7, { trial, pools: [plainPool(3)], term: seconds(600) }));
  pass(rig, 500);
  assert.is(wordOf(ann.read(ann.ask(renew(2)))), 'renewed');
  pass(rig, 500);
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1)), 'trial-ended');
  const last = ann.read(ann.ask(renew(3)));
  assert.equal(last?.kind === 'ending' && [last.code, last.term], ['trial-ended', 100]);
});

times('turning the clock back revives no license', () => {
  const rig = rigWith({ expires: epochSeconds(NOW + 100), term: seconds(60) });
  pass(rig, 100);
  assert.is(wordOf(take(rig, clientOf(rig, 1), 1)), 'license-expired');
  rig.wall -= 86_400;
  assert.is(wordOf(take(rig, clientOf(rig, 2), 1)), 'license-expired');
});

times.run();
