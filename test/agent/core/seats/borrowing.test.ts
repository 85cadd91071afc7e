/** Seats that are taken along, on an agent on a bench: which license they are of. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SeatWish } from '../../../../protocol/requests.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, PRODUCT, type RigClient, renew } from '../agent-rig.ts';
import { DeskRig, wordFor } from '../desk-rig.ts';
import { pass } from './seat-rig.ts';

const borrowing = suite('borrowing');

const DAY = 86_400;
const week = { borrow: seconds(7 * DAY) } as const;
const HOST_CODE = new Uint8Array([1]);

const lendable = (seats: number, days = 30) => ({
  borrow: { seats, longest: seconds(days * DAY) },
});

let ids = 1000;

/** What becomes of a seat for a week: what the acquire is told, then the borrow. */
const takeAlong = (rig: DeskRig, user: string, terms: Partial<SeatWish> = week): string => {
  const client = rig.client();
  const word = wordFor(rig.take(client, { user }, terms));
  return word === 'granted' ? `granted, ${borrowNow(rig, client)}` : word;
};

const borrowNow = (rig: DeskRig, client: RigClient): string => {
  const request = {
    kind: 'borrow',
    id: ++ids,
    duration: week.borrow,
    hostCode: HOST_CODE,
  } as const;
  return wordFor(client.read(rig.settle(client.ask(request))));
};

const licensesOf = (rig: DeskRig) =>
  rig.done({ kind: 'seat-list' }).seats.map((one) => one.license);

borrowing('the seat is of a license that allows it, though another has seats as well', () => {
  const rig = new DeskRig();
  rig.license(1, { pools: [plainPool(9)] });
  const lending = rig.license(2, { pools: [plainPool(2)], ...lendable(2) });
  assert.is(takeAlong(rig, 'ann'), 'granted, borrowed');
  assert.is(takeAlong(rig, 'bob'), 'granted, borrowed');
  assert.equal(licensesOf(rig), [lending, lending]);
  assert.is(takeAlong(rig, 'cem'), 'borrow-limit');
  assert.is(rig.work({ user: 'cem' }), 'granted');
});

borrowing('of several that allow it, one that allows so long and has not lent all it may', () => {
  const rig = new DeskRig();
  rig.license(1, { pools: [plainPool(5)], ...lendable(5, 3) });
  const first = rig.license(2, { pools: [plainPool(5)], ...lendable(1) });
  const soon = epochSeconds(rig.rig.wall + 2 * DAY);
  rig.license(3, { pools: [plainPool(5)], ...lendable(5), expires: soon });
  const other = rig.license(4, { pools: [plainPool(5)], ...lendable(1) });
  assert.is(takeAlong(rig, 'ann'), 'granted, borrowed');
  assert.is(takeAlong(rig, 'bob'), 'granted, borrowed');
  assert.equal(licensesOf(rig), [first, other]);
  assert.is(takeAlong(rig, 'cem'), 'borrow-limit');
  const month = { borrow: seconds(31 * DAY) };
  assert.is(takeAlong(rig, 'cem', month), 'borrow-too-long');
});

borrowing('where all that may be borrowed are in use it says so, and takes no other', () => {
  const rig = new DeskRig();
  rig.license(2, { pools: [plainPool(1)], ...lendable(1) });
  rig.license(1, { pools: [plainPool(9)] });
  assert.is(rig.work({ user: 'ann' }), 'granted');
  assert.is(takeAlong(rig, 'bob'), 'no-seat');
  const single = new DeskRig();
  single.license(1, { pools: [plainPool(9)] });
  assert.is(takeAlong(single, 'bob'), 'borrow-forbidden');
  assert.equal(licensesOf(single), []);
  const server = new DeskRig();
  server.license(1, { type: 'server', pools: [] });
  assert.is(takeAlong(server, 'bob'), 'borrow-forbidden');
});

borrowing('who holds a seat that may not be borrowed changes to one that may', () => {
  const rig = new DeskRig();
  const staying = rig.license(1, { pools: [plainPool(9)] });
  const lending = rig.license(2, { pools: [plainPool(1)], ...lendable(1) });
  const client = rig.client();
  assert.is(wordFor(rig.take(client, {})), 'granted');
  assert.equal(licensesOf(rig), [staying]);
  assert.is(borrowNow(rig, client), 'borrow-forbidden');
  assert.equal(licensesOf(rig), [staying], 'it is still held');
  const anew = acquire(++ids, null, week);
  assert.is(wordFor(client.read(rig.settle(client.ask(anew)))), 'granted');
  assert.is(borrowNow(rig, client), 'borrowed');
  assert.equal(licensesOf(rig), [lending], 'one seat, not two');
});

borrowing('who shares a seat that may not be borrowed takes another along', () => {
  const rig = new DeskRig();
  const staying = rig.license(1, { pools: [plainPool(1)], counting: 'user' });
  const lending = rig.license(2, { pools: [plainPool(1)], counting: 'user', ...lendable(1) });
  assert.is(rig.work({ user: 'ann' }), 'granted');
  assert.is(takeAlong(rig, 'ann'), 'granted, borrowed');
  assert.equal(licensesOf(rig), [staying, lending]);
});

borrowing(
  'where there are fewer seats now, who works on a borrowed one ends with its token',
  () => {
    const rig = new DeskRig();
    const until = rig.rig.wall + week.borrow;
    const stages = [{ from: epochSeconds(rig.rig.wall + DAY), until: null, seats: 1 }];
    rig.license(1, { pools: [{ ...plainPool(2), stages }], ...lendable(2) });
    const [ann, bob] = [rig.client(), rig.client()];
    for (const client of [ann, bob]) {
      assert.is(wordFor(rig.take(client, {}, week)), 'granted');
      assert.is(borrowNow(rig, client), 'borrowed');
    }
    const renewAt = (client: RigClient, wall: number): string => {
      pass(rig.rig, wall - rig.rig.wall);
      const reply = client.read(rig.settle(client.ask(renew(++ids))));
      return reply?.kind === 'ending' ? `ending in ${reply.term}` : wordFor(reply);
    };
    assert.is(renewAt(ann, until - DAY), 'renewed');
    assert.is(renewAt(ann, until - 3), 'ending in 3');
    assert.is(renewAt(ann, until), 'seats-reduced');
    assert.is(wordFor(bob.read(rig.settle(bob.ask({ kind: 'release', id: ++ids })))), 'released');
    assert.is(renewAt(ann, until), 'renewed', 'there is one for her');
  },
);

borrowing('a seat whose resource was removed is not taken along', () => {
  const rig = new DeskRig();
  const id = rig.license(1, { resource: '*', ...lendable(1) });
  rig.done({ kind: 'resource-add', names: ['north'], customer: null });
  rig.done({ kind: 'resource-activate', name: 'north', license: id, customer: null });
  const client = rig.client();
  assert.is(wordFor(rig.take(client, {}, { ...week, resource: 'north' })), 'granted');
  assert.is(borrowNow(rig, client), 'borrowed');
  rig.done({ kind: 'resource-remove', name: 'north' });
  assert.is(borrowNow(rig, client), 'no-resource');
});

borrowing('the rules are asked before a seat is taken', () => {
  const rig = new DeskRig();
  rig.license(1, { pools: [plainPool(3)], ...lendable(3) });
  rig.rules(`borrow ${PRODUCT} for user ann up to 7 days, at most 1 seat`);
  assert.is(takeAlong(rig, 'bob'), 'borrow-forbidden');
  assert.is(takeAlong(rig, 'ann', { borrow: seconds(8 * DAY) }), 'borrow-too-long');
  assert.is(takeAlong(rig, 'ann'), 'granted, borrowed');
  assert.is(takeAlong(rig, 'ann'), 'borrow-limit');
  assert.is(licensesOf(rig).length, 1);
});

borrowing('who waits for a seat to take along does not hold up who stays', () => {
  const rig = new DeskRig();
  rig.license(2, { pools: [plainPool(1)], ...lendable(1) });
  rig.license(1, { pools: [plainPool(1)] });
  const holder = rig.client();
  rig.take(holder, { user: 'ann' });
  const waiter = rig.client();
  assert.is(wordFor(rig.take(waiter, { user: 'bob' }, week, true)), 'queued');
  assert.is(rig.work({ user: 'cem' }), 'granted');
  rig.release(holder);
  assert.is(wordFor(rig.take(waiter, { user: 'bob' }, week, true)), 'granted');
});

borrowing.run();
