/** Waiting for a seat, on an agent on a bench. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import type { Reply } from '../../../../protocol/replies.ts';
import type { SeatWish } from '../../../../protocol/requests.ts';
import { ok } from '../../../../protocol/result.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { type AgentRig, acquire, armored, makeLicense, type RigClient } from '../agent-rig.ts';
import { clientOf, pass, rigWith, seatsOf, take, wordOf } from './seat-rig.ts';

const waiting = suite('waiting room');

const wait = (client: RigClient, id: number, terms: Partial<SeatWish> = {}): Reply | undefined =>
  client.read(client.ask(acquire(id, terms.class ?? null, terms, true)));

const placeOf = (reply: Reply | undefined): readonly unknown[] =>
  reply?.kind === 'queued' ? [reply.ahead, reply.turn] : [wordOf(reply)];

/** What the agent says to a client among the effects, though others are spoken to as well. */
const heardBy = (client: RigClient, effects: readonly Effect[]): Reply | undefined =>
  client.read(
    effects.filter(
      (effect) => effect.kind === 'send' && effect.to.address === client.endpoint.address,
    ),
  );

const release = (client: RigClient, id: number): readonly Effect[] =>
  client.ask({ kind: 'release', id });

/** Takes the seat that was kept for it. */
const takeTurn = (rig: AgentRig, client: RigClient, id: number, terms: Partial<SeatWish> = {}) =>
  client.read(rig.settle(client.ask(acquire(id, terms.class ?? null, terms, true))));

waiting('first come, first served; each sees its place', () => {
  const rig = rigWith({ term: seconds(600) });
  const [ann, bob, eve] = [clientOf(rig, 1), clientOf(rig, 2), clientOf(rig, 3)];
  take(rig, ann, 1);
  assert.equal(placeOf(wait(bob, 1)), [0, false]);
  assert.equal(placeOf(wait(eve, 1)), [1, false]);
  const freed = release(ann, 2);
  assert.equal(placeOf(heardBy(bob, freed)), [0, true]);
  assert.is(heardBy(eve, freed), undefined);
  assert.is(wordOf(takeTurn(rig, bob, 2)), 'granted');
  assert.equal(placeOf(wait(eve, 1)), [0, false]);
});

const rule = (rig: AgentRig, ...lines: readonly string[]): void => {
  rig.operate({ kind: 'rules-apply', file: ok(lines.join('\n')) });
};

const holderOf = (user: string): Partial<SeatWish> => ({
  holder: { user, host: `${user}-pc`, process: 1, application: 'cad' },
});

waiting('who waits for what is reserved for others does not keep it from them', () => {
  const rig = rigWith({ pools: [plainPool(3)], term: seconds(600) });
  rule(rig, 'group crew = user ann, user dan', 'reserve 2 acme-cad for group crew');
  const [bob, eve, ann, dan] = [1, 2, 3, 4].map((one) => clientOf(rig, one));
  if (!bob || !eve || !ann || !dan) throw new Error('unreachable');
  assert.is(wordOf(take(rig, bob, 1, holderOf('bob'))), 'granted');
  assert.equal(placeOf(wait(eve, 1, holderOf('eve'))), [0, false]);
  assert.is(wordOf(take(rig, ann, 1, holderOf('ann'))), 'granted', 'a newcomer');
  // One more than is reserved for them is anybody's, and eve came first.
  assert.is(wordOf(take(rig, dan, 1, { ...holderOf('dan'), weight: 2 })), 'no-seat');
  assert.is(wordOf(take(rig, dan, 2, holderOf('dan'))), 'granted');
  assert.equal(placeOf(heardBy(eve, release(bob, 2))), [0, true], 'and none of it was hers');
});

waiting('who waits holds up only those who would take what it waits for', () => {
  const rig = rigWith(
    { pools: [plainPool(1)], term: seconds(600), features: ['cam'] },
    { pools: [plainPool(2)], term: seconds(600) },
  );
  const [bob, eve, ann, dan] = [1, 2, 3, 4].map((one) => clientOf(rig, one));
  if (!bob || !eve || !ann || !dan) throw new Error('unreachable');
  const cam = { features: ['cam'] };
  assert.is(wordOf(take(rig, bob, 1, cam)), 'granted');
  assert.equal(placeOf(wait(eve, 1, cam)), [0, false]);
  assert.is(wordOf(take(rig, ann, 1)), 'granted', 'of the other license');
  const freed = release(bob, 2);
  assert.equal(placeOf(heardBy(eve, freed)), [0, true]);
  assert.is(wordOf(takeTurn(rig, eve, 2, cam)), 'granted');
  assert.is(wordOf(take(rig, dan, 1)), 'granted');
  assert.is(wordOf(take(rig, bob, 3)), 'no-seat');
});

waiting('who could have any seat is first for each of them', () => {
  const rig = rigWith(
    { pools: [plainPool(1)], term: seconds(600), features: ['cam'] },
    { pools: [plainPool(1)], term: seconds(600) },
  );
  const [bob, gil, eve, ann, dan] = [1, 2, 3, 4, 5].map((one) => clientOf(rig, one));
  if (!bob || !gil || !eve || !ann || !dan) throw new Error('unreachable');
  const cam = { features: ['cam'] };
  take(rig, bob, 1, cam);
  take(rig, gil, 1);
  assert.equal(placeOf(wait(eve, 1)), [0, false]);
  assert.equal(placeOf(wait(ann, 1, cam)), [1, false]);
  const freed = release(bob, 2);
  assert.equal(placeOf(heardBy(eve, freed)), [0, true]);
  assert.is(heardBy(ann, freed), undefined);
  assert.is(wordOf(take(rig, dan, 1, cam)), 'no-seat');
  assert.is(wordOf(takeTurn(rig, eve, 2)), 'granted');
  assert.equal(placeOf(heardBy(ann, release(eve, 3))), [0, true]);
});

waiting('a named user does not stand in line with those who wait for floating seats', () => {
  const rig = rigWith({ pools: [plainPool(1)], term: seconds(600) });
  const [bob, eve, ann] = [1, 2, 3].map((one) => clientOf(rig, one));
  if (!bob || !eve || !ann) throw new Error('unreachable');
  take(rig, bob, 1, holderOf('bob'));
  assert.equal(placeOf(wait(eve, 1, holderOf('eve'))), [0, false]);
  rig.add(makeLicense(2, { type: 'named', pools: [plainPool(1)] }));
  const assign = { product: null, class: 'generic', users: ['ann'] };
  rig.settle(rig.operate({ kind: 'user-assign', ...assign }));
  assert.is(wordOf(take(rig, ann, 1, holderOf('ann'))), 'granted');
});

waiting('who is made a named user while he waits has his seat', () => {
  const rig = rigWith(
    { pools: [plainPool(1)], term: seconds(600) },
    { pools: [plainPool(1)], term: seconds(600), type: 'named' },
  );
  const [bob, eve, ann] = [1, 2, 3].map((one) => clientOf(rig, one));
  if (!bob || !eve || !ann) throw new Error('unreachable');
  take(rig, bob, 1, holderOf('bob'));
  wait(eve, 1, holderOf('eve'));
  assert.equal(placeOf(wait(ann, 1, holderOf('ann'))), [1, false]);
  const assign = { product: null, class: 'generic', users: ['ann'] };
  const assigned = rig.settle(rig.operate({ kind: 'user-assign', ...assign }));
  assert.equal(placeOf(heardBy(ann, assigned)), [0, true]);
  assert.is(heardBy(eve, assigned), undefined);
});

waiting('a license that comes is for those who wait, in order', () => {
  const rig = rigWith({ pools: [plainPool(1)], term: seconds(600) });
  const [bob, eve, ann] = [1, 2, 3].map((one) => clientOf(rig, one));
  if (!bob || !eve || !ann) throw new Error('unreachable');
  const cam = { features: ['cam'] };
  take(rig, bob, 1);
  wait(eve, 1);
  wait(ann, 1);
  const second = makeLicense(2, { pools: [plainPool(2)], features: ['cam'], term: seconds(600) });
  const added = rig.settle(rig.operate({ kind: 'license-add', text: armored(second) }));
  assert.equal(placeOf(heardBy(eve, added)), [0, true]);
  assert.equal(placeOf(heardBy(ann, added)), [0, true]);
  assert.is(wordOf(take(rig, clientOf(rig, 4), 1, cam)), 'no-seat');
});

waiting('one more seat is not for who is behind a wish that it does not suffice for', () => {
  const rig = rigWith({ pools: [plainPool(3)], term: seconds(600) });
  const [bob, eve, ann] = [1, 2, 3].map((one) => clientOf(rig, one));
  if (!bob || !eve || !ann) throw new Error('unreachable');
  take(rig, bob, 1, { weight: 2 });
  wait(eve, 1, { weight: 3 });
  wait(ann, 1);
  const second = makeLicense(2, { pools: [plainPool(1)], term: seconds(600) });
  const added = rig.settle(rig.operate({ kind: 'license-add', text: armored(second) }));
  assert.equal([heardBy(eve, added), heardBy(ann, added)], [undefined, undefined]);
  const freed = release(bob, 2);
  assert.equal(placeOf(heardBy(eve, freed)), [0, true]);
  assert.equal(placeOf(heardBy(ann, freed)), [0, true]);
});

waiting('a reservation that is taken up lets nobody pass', () => {
  const rig = rigWith({ pools: [plainPool(4)], term: seconds(600) });
  rule(rig, 'group crew = user ann, user dan', 'reserve 1 acme-cad for group crew');
  const [bob, eve, ann, dan] = [1, 2, 3, 4].map((one) => clientOf(rig, one));
  if (!bob || !eve || !ann || !dan) throw new Error('unreachable');
  take(rig, bob, 1, holderOf('bob'));
  const heavy = { ...holderOf('eve'), weight: 3 };
  assert.equal(placeOf(wait(eve, 1, heavy)), [0, false]);
  assert.is(wordOf(take(rig, ann, 1, holderOf('ann'))), 'granted');
  assert.is(wordOf(take(rig, dan, 1, holderOf('dan'))), 'no-seat', 'two are free, for eve');
  assert.equal(placeOf(wait(dan, 2, holderOf('dan'))), [1, false]);
  const freed = release(bob, 2);
  assert.equal(placeOf(heardBy(eve, freed)), [0, true]);
  assert.is(heardBy(dan, freed), undefined);
});

waiting('those whom a seat is reserved for have their turn before whoever waits for any', () => {
  const rig = rigWith({ pools: [plainPool(1)], term: seconds(600) });
  const [gil, eve, ann, dan] = [1, 2, 3, 4].map((one) => clientOf(rig, one));
  if (!gil || !eve || !ann || !dan) throw new Error('unreachable');
  take(rig, gil, 1, holderOf('gil'));
  rule(rig, 'group crew = user ann, user dan', 'reserve 1 acme-cad for group crew');
  wait(eve, 1, holderOf('eve'));
  assert.equal(placeOf(wait(ann, 1, holderOf('ann'))), [1, false]);
  assert.equal(placeOf(wait(dan, 1, holderOf('dan'))), [2, false]);
  const freed = release(gil, 2);
  assert.is(heardBy(eve, freed), undefined);
  assert.equal(placeOf(heardBy(ann, freed)), [0, true], 'the first of them');
  assert.is(heardBy(dan, freed), undefined);
  assert.is(wordOf(takeTurn(rig, ann, 2, holderOf('ann'))), 'granted');
  assert.equal(placeOf(wait(dan, 1, holderOf('dan'))), [1, false]);
  rule(rig);
  assert.equal(placeOf(heardBy(eve, release(ann, 3))), [0, true], 'nothing is reserved any more');
});

waiting('a newcomer does not overtake, whether it waits or not', () => {
  const rig = rigWith({ pools: [plainPool(2)], term: seconds(600) });
  const [ann, bob, eve] = [clientOf(rig, 1), clientOf(rig, 2), clientOf(rig, 3)];
  take(rig, ann, 1);
  assert.equal(placeOf(wait(bob, 1, { weight: 2 })), [0, false]);
  assert.is(wordOf(take(rig, eve, 1)), 'no-seat');
  assert.equal(placeOf(wait(eve, 2)), [1, false]);
  assert.equal(placeOf(heardBy(bob, release(ann, 2))), [0, true]);
  assert.is(wordOf(takeTurn(rig, bob, 2, { weight: 2 })), 'granted');
});

waiting('a turn that is not taken passes on', () => {
  const rig = rigWith({ term: seconds(600) });
  const [ann, bob, eve] = [clientOf(rig, 1), clientOf(rig, 2), clientOf(rig, 3)];
  take(rig, ann, 1);
  wait(bob, 1);
  wait(eve, 1);
  release(ann, 2);
  pass(rig, 5);
  wait(eve, 1);
  const late = pass(rig, 6);
  assert.equal(placeOf(heardBy(eve, late)), [0, true]);
  assert.is(wordOf(takeTurn(rig, eve, 2)), 'granted');
  assert.is(wordOf(take(rig, clientOf(rig, 4), 1)), 'no-seat');
});

waiting('who vanished blocks nobody', () => {
  const rig = rigWith({ term: seconds(600) });
  const [ann, bob, eve] = [clientOf(rig, 1), clientOf(rig, 2), clientOf(rig, 3)];
  take(rig, ann, 1);
  wait(bob, 1);
  wait(eve, 1);
  for (let i = 0; i < 4; i++) {
    pass(rig, 5);
    assert.is(wordOf(wait(eve, 1)), 'queued');
  }
  assert.is(rig.agent.tableSizes.waiters, 1);
  assert.equal(placeOf(heardBy(eve, release(ann, 2))), [0, true]);
});

waiting('who leaves the queue is not called, and its turn goes to the next', () => {
  const rig = rigWith({ term: seconds(600) });
  const [ann, bob, eve] = [clientOf(rig, 1), clientOf(rig, 2), clientOf(rig, 3)];
  take(rig, ann, 1);
  wait(bob, 1);
  wait(eve, 1);
  release(ann, 2);
  assert.equal(placeOf(heardBy(eve, release(bob, 2))), [0, true]);
  assert.is(wordOf(takeTurn(rig, eve, 2)), 'granted');
  assert.equal(seatsOf(rig).length, 1);
});

waiting('a license that is added gives turns, and one that goes ends the waiting', () => {
  const rig = rigWith({ term: seconds(600) });
  const bob = clientOf(rig, 2);
  take(rig, clientOf(rig, 1), 1);
  wait(bob, 1);
  const [license] = seatsOf(rig);
  const removed = rig.operate({ kind: 'license-remove', id: license?.license ?? '' });
  assert.is(wordOf(heardBy(bob, rig.settle(removed))), 'no-license');
  assert.is(rig.agent.tableSizes.waiters, 0);
});

waiting('different classes do not wait for each other', () => {
  const rig = rigWith({
    pools: [plainPool(1, 'developer'), plainPool(1, 'execution')],
    term: seconds(600),
  });
  const [ann, bob, eve] = [clientOf(rig, 1), clientOf(rig, 2), clientOf(rig, 3)];
  take(rig, ann, 1, { class: 'developer' });
  assert.equal(placeOf(wait(bob, 1, { class: 'developer' })), [0, false]);
  assert.is(wordOf(take(rig, eve, 1, { class: 'execution' })), 'granted');
});

waiting('what cannot come by waiting is refused at once', () => {
  const rig = rigWith({ features: ['core'] });
  assert.is(wordOf(wait(clientOf(rig, 1), 1, { features: ['render'] })), 'no-feature');
  assert.is(wordOf(wait(clientOf(rig, 2), 1, { weight: 2 })), 'too-heavy');
  assert.is(rig.agent.tableSizes.waiters, 0);
});

waiting('a turn is worth nothing when its license has gone meanwhile', () => {
  const rig = rigWith({ term: seconds(600) });
  const [ann, bob] = [clientOf(rig, 1), clientOf(rig, 2)];
  take(rig, ann, 1);
  wait(bob, 1);
  const license = seatsOf(rig)[0]?.license ?? '';
  assert.equal(placeOf(heardBy(bob, release(ann, 2))), [0, true]);
  rig.settle(rig.operate({ kind: 'license-remove', id: license }));
  assert.is(wordOf(wait(bob, 2)), 'no-license');
  assert.is(rig.agent.tableSizes.waiters, 0);
  assert.equal(
    [...rig.agent.pools()].map((pool) => pool.lent),
    [0],
  );
});

waiting.run();
