import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MeterLedger, type MeterSource } from '../../../../agent/core/meters/meter-ledger.ts';
import { drawKey, meterKey } from '../../../../agent/core/meters/meter-record.ts';
import { bytesToHex } from '../../../../protocol/bytes.ts';
import { pack } from '../../../../protocol/msgpack.ts';
import { StoreModel } from '../store-model.ts';
import { drawId, drawsIn, FIRST, planned, restart, SECOND, sourcesOf } from './meter-rig.ts';

const ledger = suite('meter ledger');

/** Draws at once; the store keeps it. */
const draw = (
  real: MeterLedger,
  store: StoreModel,
  number: number,
  amount: number,
  sources: readonly MeterSource[],
): void => {
  store.write(planned(real.plan(drawId(number), amount, sources)).writes);
  real.apply(drawId(number));
};

ledger('draws from the sources in their order, all or nothing', () => {
  const real = new MeterLedger();
  const plan = planned(real.plan(drawId(1), 7, sourcesOf(5, 10)));
  assert.equal(plan.parts, [
    { licenseId: FIRST, amount: 5 },
    { licenseId: SECOND, amount: 2 },
  ]);
  assert.is(plan.left, 8);
  assert.is(real.used(FIRST, 'pages'), 0, 'not before it is applied');
  real.apply(drawId(1));
  assert.is(real.used(FIRST, 'pages'), 5);
  assert.is(real.used(SECOND, 'pages'), 2);
  assert.is(real.used(SECOND, 'hours'), 0);
  assert.equal(real.plan(drawId(2), 9, sourcesOf(5, 10)), { kind: 'empty', left: 8 });
  assert.equal(real.plan(drawId(2), 1, []), { kind: 'empty', left: 0 });
  const rest = planned(real.plan(drawId(2), 8, sourcesOf(5, 10)));
  assert.equal(rest.parts, [{ licenseId: SECOND, amount: 8 }]);
  assert.is(rest.left, 0);
});

ledger('a draw counts once for its id', () => {
  const store = new StoreModel();
  const first = new MeterLedger();
  draw(first, store, 1, 3, sourcesOf(5));
  for (const real of [first, restart(store)]) {
    const parts = [{ licenseId: FIRST, amount: 3 }];
    assert.equal(real.plan(drawId(1), 3, sourcesOf(5)), { kind: 'drawn-before', parts, left: 2 });
    const gone = { kind: 'drawn-before', parts, left: 0 };
    assert.equal(real.plan(drawId(1), 3, []), gone, 'even when no license is left');
    assert.equal(real.plan(drawId(1), 2, sourcesOf(5)), { kind: 'conflict' });
    const hours = [{ licenseId: FIRST, meter: 'hours', allowance: 9 }];
    assert.equal(real.plan(drawId(1), 3, hours), { kind: 'conflict' });
    assert.is(real.used(FIRST, 'pages'), 3);
  }
});

ledger('what is under way is there for nobody else, and comes back when it fails', () => {
  const real = new MeterLedger();
  planned(real.plan(drawId(1), 3, sourcesOf(5)));
  assert.equal(real.plan(drawId(1), 3, sourcesOf(5)), { kind: 'under-way' });
  assert.equal(real.plan(drawId(1), 4, sourcesOf(5)), { kind: 'conflict' });
  assert.equal(real.plan(drawId(2), 3, sourcesOf(5)), { kind: 'empty', left: 2 });
  real.abandon(drawId(1));
  assert.is(real.used(FIRST, 'pages'), 0);
  assert.is(planned(real.plan(drawId(2), 3, sourcesOf(5))).left, 2);
  assert.equal(real.plan(drawId(1), 3, sourcesOf(5)), { kind: 'empty', left: 2 });
});

ledger('an allowance that has shrunk below what is used has nothing left', () => {
  const real = new MeterLedger();
  draw(real, new StoreModel(), 1, 5, sourcesOf(5));
  assert.equal(real.plan(drawId(2), 1, sourcesOf(3, 0)), { kind: 'empty', left: 0 });
  assert.is(planned(real.plan(drawId(2), 0, sourcesOf(3))).left, 0);
});

ledger('the oldest draws are forgotten one by one, their sum is not', () => {
  const store = new StoreModel();
  let real = new MeterLedger(3);
  for (let number = 1; number <= 10; number++) draw(real, store, number, number, sourcesOf(99));
  for (let round = 0; round < 2; round++) {
    assert.is(real.used(FIRST, 'pages'), 55);
    assert.equal(
      drawsIn(store),
      [8, 9, 10].map((number) => drawKey(bytesToHex(drawId(number)))),
    );
    assert.is(real.plan(drawId(8), 8, sourcesOf(99)).kind, 'drawn-before');
    real = restart(store, 3);
  }
  draw(real, store, 7, 7, sourcesOf(99));
  assert.is(restart(store, 3).used(FIRST, 'pages'), 62, 'a forgotten id draws again');
  assert.is(drawsIn(store).length, 3);
});

ledger('a draw under way is not forgotten, however old', () => {
  const real = new MeterLedger(1);
  planned(real.plan(drawId(1), 1, sourcesOf(9)));
  for (const number of [2, 3]) {
    planned(real.plan(drawId(number), 1, sourcesOf(9)));
    real.apply(drawId(number));
  }
  assert.is(real.plan(drawId(1), 1, sourcesOf(9)).kind, 'under-way');
  real.apply(drawId(1));
  planned(real.plan(drawId(4), 1, sourcesOf(9)));
  assert.is(real.plan(drawId(1), 1, []).kind, 'drawn-before', 'as its record is still there');
  real.apply(drawId(4));
  for (const number of [1, 2, 3]) assert.is(real.plan(drawId(number), 9, []).kind, 'empty');
});

ledger('what a failed commit was to delete is deleted by the next one, and only by that', () => {
  const real = new MeterLedger(2);
  const store = new StoreModel();
  for (const number of [1, 2]) draw(real, store, number, 1, sourcesOf(9));
  for (const number of [3, 4]) planned(real.plan(drawId(number), 1, sourcesOf(9)));
  for (const number of [3, 4]) real.abandon(drawId(number));
  draw(real, store, 5, 1, sourcesOf(9));
  assert.equal(drawsIn(store), [drawKey(bytesToHex(drawId(5)))]);
  for (const number of [1, 2]) assert.is(real.plan(drawId(number), 1, []).kind, 'empty');
  const next = planned(real.plan(drawId(6), 1, sourcesOf(9)));
  assert.is(next.writes.length, 1);
  assert.is(restart(store).used(FIRST, 'pages'), 3);
});

ledger('which draw is the oldest is the same after a restart, whatever the ids are', () => {
  const store = new StoreModel();
  const first = new MeterLedger(3);
  for (const number of [9, 5, 7]) draw(first, store, number, 1, sourcesOf(9));
  draw(restart(store, 3), store, 6, 1, sourcesOf(9));
  assert.equal(
    drawsIn(store),
    [5, 6, 7].map((number) => drawKey(bytesToHex(drawId(number)))),
  );
});

ledger('a draw after the loss of all remembered ones counts all the same', () => {
  const store = new StoreModel();
  const real = new MeterLedger();
  const sum = { key: meterKey(FIRST, 'pages'), value: pack([1, FIRST, 'pages', 5, [0, 6]]) };
  store.write([sum]);
  assert.ok(real.restore(sum.key, sum.value));
  draw(real, store, 1, 1, sourcesOf(9));
  assert.is(restart(store).used(FIRST, 'pages'), 6);
});

ledger('many draws are forgotten in the order in which they came', () => {
  const real = new MeterLedger(100);
  const store = new StoreModel();
  for (let number = 0; number < 1000; number++) {
    draw(real, store, number, 1, sourcesOf(1000));
    assert.is(drawsIn(store).length, Math.min(100, number + 1));
  }
  assert.is(real.plan(drawId(900), 1, []).kind, 'drawn-before');
  assert.is(real.plan(drawId(899), 1, []).kind, 'empty');
  assert.is(restart(store, 100).used(FIRST, 'pages'), 1000);
});

ledger('a damaged record is not taken up', () => {
  const real = new MeterLedger();
  const key = drawKey(bytesToHex(drawId(1)));
  const good = [1, [0, 7], 'pages', 3, [[FIRST, 3]]] as const;
  const damaged = [
    good.slice(0, 4),
    [...good, 0],
    [2, ...good.slice(1)],
    [...good.slice(0, 3), 4, [[FIRST, 3]]],
  ];
  for (const value of damaged) assert.not(real.restore(key, pack(value)), JSON.stringify(value));
  for (const other of ['draw/00', `${key}00`, key.replace('draw', 'lease'), 'draw/x'])
    assert.not(real.restore(other, pack(good)), other);
  const sum = [1, FIRST, 'pages', 5, [0, 6]] as const;
  assert.not(real.restore(meterKey(SECOND, 'pages'), pack(sum)));
  assert.not(real.restore(meterKey(FIRST, 'pages'), pack([...sum, 0])));
  assert.not(real.restore(meterKey(FIRST, 'pages'), pack([2, ...sum.slice(1)])));
  assert.is(real.used(FIRST, 'pages'), 0);
  assert.ok(real.restore(key, pack(good)));
  assert.ok(real.restore(meterKey(FIRST, 'pages'), pack(sum)));
  assert.is(real.used(FIRST, 'pages'), 8);
});

ledger('what only a bug can ask for stops the program', () => {
  const real = new MeterLedger();
  const [source] = sourcesOf(5);
  assert.ok(source);
  assert.throws(() => real.plan(new Uint8Array(15), 1, [source]), /size/);
  assert.throws(() => real.plan(drawId(1), 1, [source, source]), /twice/);
  const hours = { licenseId: SECOND, meter: 'hours', allowance: 1 };
  assert.throws(() => real.plan(drawId(1), 1, [source, hours]), /two names/);
  assert.throws(() => real.apply(drawId(1)), /under way/);
  draw(real, new StoreModel(), 1, 1, [source]);
  assert.throws(() => real.apply(drawId(1)), /under way/);
  assert.throws(() => real.abandon(drawId(1)), /under way/);
});

ledger.run();
