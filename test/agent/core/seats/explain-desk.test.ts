import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Explanation } from '../../../../agent/core/operations.ts';
import type { Holder } from '../../../../protocol/holder.ts';
import type { SeatWish } from '../../../../protocol/requests.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, PRODUCT } from '../agent-rig.ts';
import { DeskRig } from '../desk-rig.ts';

const desk = suite('explain desk');

const WISH: SeatWish = {
  product: PRODUCT,
  class: null,
  resource: null,
  features: [],
  weight: 1,
  version: null,
  released: null,
  holder: ANN,
};

const explain = (
  rig: DeskRig,
  holder: Partial<Holder> = {},
  rules: string | null = null,
  wish: Partial<SeatWish> = {},
): Explanation =>
  rig.done({
    kind: 'explain',
    wish: { ...WISH, ...wish, holder: { ...ANN, ...holder } },
    address: '10.0.0.77',
    rules,
  }).explanation;

desk('it says what an acquire would be told, and takes nothing', () => {
  const rig = new DeskRig();
  assert.is(explain(rig).refusal, 'no-license');
  rig.license(1, {});
  assert.is(explain(rig).refusal, null);
  assert.is(rig.work({}), 'granted');
  const full = explain(rig);
  assert.equal([full.refusal, full.inUse, full.seats, full.held], ['no-seat', 1, 1, 1]);
  assert.is(full.holders[0]?.user, 'ann');
});

desk('each license has its own reason', () => {
  const rig = new DeskRig();
  const past = epochSeconds(rig.rig.wall - 10);
  const ids = [
    rig.license(1, { expires: past }),
    rig.license(2, { type: 'named' }),
    rig.license(3, { features: ['render'], resource: 'north' }),
    rig.license(4, { pools: [plainPool(1, 'developer')] }),
    rig.license(5, { type: 'server', pools: [], features: ['export'] }),
    rig.license(6, {}),
  ];
  const { licenses } = explain(rig);
  assert.equal(
    licenses.map(({ id, refusal }) => [ids.indexOf(id), refusal]),
    [
      [0, 'license-expired'],
      [1, 'not-assigned'],
      [2, 'resource-needed'],
      [3, 'no-class'],
      [4, null],
      [5, null],
    ],
  );
  const other = explain(rig, {}, null, { features: ['render'] });
  assert.is(other.licenses[5]?.refusal, 'no-feature');
});

desk('rules are told line by line, with what they count now', () => {
  const rig = new DeskRig();
  rig.license(1, { pools: [plainPool(3)] });
  rig.rules('limit 1 acme-cad for each user\nreserve 2 acme-cad for user boss');
  rig.work({});
  const ann = explain(rig);
  assert.is(ann.refusal, 'limit-reached');
  assert.equal(ann.counts, [
    { line: 1, held: 1, most: 1 },
    { line: 2, held: 0, most: 2 },
  ]);
  const bob = explain(rig, { user: 'bob' });
  assert.equal([bob.refusal, bob.withheld], ['reserved', 2]);
  assert.equal(
    bob.rules.map(({ applies }) => applies),
    [true, true],
  );
  assert.is(explain(rig, { user: 'boss' }).refusal, null);
});

desk(
  'a seat that fits two reservations is counted on one line, and the other keeps its own',
  () => {
    const rig = new DeskRig();
    rig.license(1, { pools: [plainPool(3)] });
    rig.rules('reserve 1 acme-cad for user ann\nreserve 1 acme-cad for application acad');
    assert.is(rig.work({}), 'granted');
    const other = { user: 'eve', application: 'viewer' };
    const eve = explain(rig, other);
    assert.equal([eve.refusal, eve.withheld], [null, 1]);
    assert.equal(eve.counts, [
      { line: 1, held: 1, most: 1 },
      { line: 2, held: 0, most: 1 },
    ]);
    assert.is(rig.work(other), 'granted');
    assert.is(rig.work(other), 'reserved');
    assert.is(rig.work({ user: 'bob' }), 'granted');
  },
);

desk('other rules are tried on what is held now, and none is in force by it', () => {
  const rig = new DeskRig();
  rig.license(1, { pools: [plainPool(3)] });
  rig.work({});
  const tried = 'limit 1 acme-cad for each user';
  assert.is(explain(rig, {}, tried).refusal, 'limit-reached');
  assert.is(explain(rig, { user: 'bob' }, tried).refusal, null);
  assert.is(explain(rig).refusal, null);
  const faulty = { kind: 'explain', wish: WISH, address: null, rules: 'limt' } as const;
  assert.is(rig.refused(faulty)[0], 'faulty-rules');
});

desk('a seat that is shared or tolerated is said to be; who waits comes first', () => {
  const rig = new DeskRig();
  rig.license(1, { counting: 'user', pools: [{ ...plainPool(1), overdraft: 1 }] });
  rig.work({});
  assert.ok(explain(rig).shared);
  rig.work({ host: 'other' });
  const { counts } = explain(rig, {}, 'limit 9 acme-cad for each user');
  assert.equal(counts, [{ line: 1, held: 1, most: 9 }], 'two leases of hers are one seat');
  assert.ok(explain(rig, { user: 'bob' }).overdraft);
  rig.work({ user: 'bob' });
  const client = rig.client();
  rig.take(client, { user: 'cem' }, {}, true);
  const { waiters, refusal } = explain(rig, { user: 'dan' });
  assert.equal([refusal, ...waiters.map(({ user }) => user)], ['no-seat', 'cem']);
});

desk.run();
