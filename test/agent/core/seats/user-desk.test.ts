import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CoreOperation } from '../../../../agent/core/operations.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, only, PRODUCT, renew, writesToText } from '../agent-rig.ts';
import { DeskRig, wordFor } from '../desk-rig.ts';

const desk = suite('user desk');

const named = (seats: number) => ({ type: 'named', pools: [plainPool(seats)] }) as const;

const assign = (...users: readonly string[]): CoreOperation => ({
  kind: 'user-assign',
  product: null,
  class: 'generic',
  users,
});

const recall = (users: readonly string[] | null, force = false): CoreOperation => ({
  kind: 'user-recall',
  product: null,
  class: 'generic',
  users,
  force,
});

const list = (rig: DeskRig) =>
  rig
    .done({ kind: 'user-list', product: null })
    .users.map(({ user, effective, hosts }) => [user, effective, ...hosts]);

desk('a seat is for who is assigned one, and never more are than there are seats', () => {
  const rig = new DeskRig();
  rig.license(1, named(2));
  assert.is(rig.work({ user: 'ann' }), 'not-assigned');
  assert.equal(rig.ask(assign('Ann', 'ann', 'bob')), {
    kind: 'user-assign',
    product: PRODUCT,
    class: 'generic',
    assigned: ['Ann', 'bob'],
    already: ['ann'],
    users: 2,
    seats: 2,
  });
  const [code, detail] = rig.refused(assign('cem'));
  assert.is(code, 'roster-full');
  assert.match(
    detail,
    /has 2 seats of class generic .*, 2 are assigned and 1 more was named: nobody/,
  );
  assert.is(rig.work({ user: 'ANN', host: 'one' }), 'granted');
  assert.is(rig.work({ user: 'ann', host: 'two' }), 'granted', 'it is her seat on every host');
  assert.is(rig.work({ user: 'cem' }), 'not-assigned');
  assert.equal(list(rig), [
    ['Ann', true, 'one', 'two'],
    ['bob', true],
  ]);
});

desk('assignments outlive a restart; one that is not on the disk was not made', () => {
  const rig = new DeskRig();
  rig.license(1, named(2));
  const failed = rig.failing(assign('ann'));
  assert.is(failed.kind === 'refused' && failed.code, 'store-failing');
  assert.equal(list(rig), []);
  rig.ask(assign('bob'));
  assert.equal(list(rig), [['bob', true]]);
  assert.equal(list(rig.restart()), [['bob', true]]);
});

desk('a recall ends the seats in use: told at once, counted until let go, and not renewed', () => {
  const rig = new DeskRig();
  rig.license(1, named(1));
  rig.ask(assign('ann'));
  const client = rig.client();
  assert.is(wordFor(rig.take(client, { user: 'ann' })), 'granted');
  const effects = rig.settle(rig.rig.operate(recall(['ANN', 'zoe'])));
  const { outcome } = only(effects, 'answer');
  assert.ok(outcome.kind === 'user-recall');
  assert.equal([outcome.recalled, outcome.unknown, outcome.freed], [['ann'], ['zoe'], false]);
  assert.equal(
    outcome.ended.map(({ ending }) => ending),
    ['recalled'],
  );
  assert.is(wordFor(client.read(effects)), 'recalled', 'its client is told unasked');
  rig.ask(assign('bob'));
  assert.is(rig.work({ user: 'bob' }), 'no-seat', 'it counts until it is let go');
  assert.is(wordFor(client.read(client.ask(renew(99)))), 'recalled');
  rig.release(client);
  assert.is(rig.work({ user: 'bob' }), 'granted');
  assert.is(wordFor(rig.take(client, { user: 'ann' })), 'not-assigned');
});

desk('with force the seat is free at once', () => {
  const rig = new DeskRig();
  rig.license(1, named(1));
  rig.ask(assign('ann'));
  assert.is(rig.work({ user: 'ann' }), 'granted');
  const outcome = rig.ask(recall(null, true));
  assert.ok(outcome.kind === 'user-recall' && outcome.freed);
  rig.ask(assign('bob'));
  assert.is(rig.work({ user: 'bob' }), 'granted');
});

desk('a recall and the end of the seats are one write, which a crash cannot part', () => {
  const rig = new DeskRig();
  rig.license(1, named(1));
  rig.ask(assign('ann'));
  rig.work({ user: 'ann' });
  const { writes } = only(rig.rig.operate(recall(['ann'])), 'commit');
  assert.equal(
    writesToText(writes).map((text) => text.replace(/\/.*/, '')),
    ['-user', '+lease'],
  );
  rig.store.write(writes);
  const later = rig.restart();
  const { seats } = later.done({ kind: 'seat-list' });
  assert.equal(
    seats.map(({ ending }) => ending),
    ['recalled'],
  );
});

desk('a recall that cannot be written leaves the seat, and its record, as they were', () => {
  const rig = new DeskRig();
  rig.license(1, named(1));
  rig.ask(assign('ann'));
  const client = rig.client();
  rig.take(client, { user: 'ann' });
  rig.failing(recall(['ann']));
  assert.is(wordFor(client.read(client.ask(renew(99)))), 'renewed');
  // What was owed goes along with the next write.
  rig.license(2, {});
  const { seats } = rig.restart().done({ kind: 'seat-list' });
  assert.equal(
    seats.map(({ ending }) => ending),
    [null],
  );
  assert.equal(list(rig.restart()), [['ann', true, ANN.host]]);
});

desk('where licenses end, the first who were assigned keep their seats and the rest wait', () => {
  const rig = new DeskRig();
  const expires = epochSeconds(rig.rig.wall + 1000);
  rig.license(1, named(1));
  rig.license(2, { ...named(1), expires });
  rig.ask(assign('ann', 'bob'));
  assert.equal(list(rig), [
    ['ann', true],
    ['bob', true],
  ]);
  rig.rig.wall += 2000;
  assert.equal(list(rig), [
    ['ann', true],
    ['bob', false],
  ]);
  assert.is(rig.work({ user: 'bob' }), 'not-assigned');
});

desk('which seats are meant is said where it is not clear', () => {
  const rig = new DeskRig();
  assert.is(rig.refused(assign('ann'))[0], 'no-license');
  rig.license(1, { type: 'named', pools: [plainPool(1, 'developer')], term: seconds(60) });
  const [code, detail] = rig.refused(assign('ann'));
  assert.is(code, 'no-class');
  assert.match(detail, /of class developer, not of class generic/);
  rig.license(2, { ...named(1), product: 'acme-sim' });
  assert.match(rig.refused(assign('ann'))[1], /acme-cad, acme-sim: choose with --product/);
  const other: CoreOperation = { ...assign('ann'), product: 'acme-cam' } as CoreOperation;
  assert.match(rig.refused(other)[1], /named users of acme-cam is here; there is one of acme-cad/);
});

desk('changes that come while one is written are decided when it is true', () => {
  const rig = new DeskRig();
  rig.license(1, named(1));
  const first = rig.rig.operate(assign('ann'));
  assert.equal(
    rig.rig.operate(assign('bob')).filter(({ kind }) => kind === 'answer' || kind === 'commit'),
    [],
  );
  const answers = rig.settle(first).flatMap((effect) => {
    return effect.kind === 'answer' ? [effect.outcome] : [];
  });
  assert.equal(
    answers.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind)),
    ['user-assign', 'roster-full'],
  );
});

desk.run();
