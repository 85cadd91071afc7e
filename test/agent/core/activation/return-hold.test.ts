/** Who waits keeps the place when the agent starts anew. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Reply } from '../../../../protocol/replies.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, acquire, type RigClient } from '../agent-rig.ts';
import { DeskRig, wordFor } from '../desk-rig.ts';

const returns = suite('return of waiters');

const HOLD_S = 10;

/** Asks, with the ticket that was shown last. */
class Waiter {
  readonly user: string;
  ticket: Uint8Array | undefined;
  #id = 0;
  readonly #number: number;
  #clients = new Map<DeskRig, RigClient>();

  constructor(number: number) {
    this.#number = number;
    this.user = `user ${number}`;
  }

  client(rig: DeskRig): RigClient {
    const client = this.#clients.get(rig) ?? rig.rig.client(this.#number);
    this.#clients.set(rig, client);
    return client;
  }

  /** `granted`, a refusal's code, `turn`, or how many are before. */
  ask(rig: DeskRig, wait = true, isNew = true): string | number {
    if (isNew) this.#id++;
    const wish = { holder: { ...ANN, user: this.user } };
    const plain = acquire(this.#id, null, wish, wait);
    const ticket = this.ticket === undefined ? {} : { ticket: this.ticket };
    const client = this.client(rig);
    return this.read(client.read(rig.settle(client.ask({ ...plain, ...ticket } as typeof plain))));
  }

  again(rig: DeskRig): string | number {
    return this.ask(rig, true, false);
  }

  read(reply: Reply | undefined): string | number {
    if (reply?.kind !== 'queued') return wordFor(reply);
    this.ticket = reply.ticket;
    return reply.turn ? 'turn' : reply.ahead;
  }

  release(rig: DeskRig): void {
    const client = this.client(rig);
    rig.settle(client.ask({ kind: 'release', id: ++this.#id }));
  }
}

const pass = (rig: DeskRig, time: number): void => {
  rig.rig.now += time * 1000;
  rig.rig.wall += time;
  rig.settle(rig.rig.step({ kind: 'wake' }));
};

/** One seat, somebody who has it, and those who wait in this order. */
const office = (count: number) => {
  const rig = new DeskRig();
  rig.license(1, { pools: [plainPool(1)] });
  const [holder, ...waiters] = Array.from({ length: count + 1 }, (_, i) => new Waiter(i + 1));
  if (holder === undefined) throw new Error('nobody');
  holder.ask(rig);
  assert.equal(
    waiters.map((one) => one.ask(rig)),
    waiters.map((_, i) => i),
  );
  return { rig, holder, waiters };
};

returns('whoever comes back first, the order is the old one', () => {
  const { rig, holder, waiters } = office(3);
  const later = rig.restart();
  assert.equal(
    [...waiters].reverse().map((one) => one.again(later)),
    [0, 0, 0],
  );
  assert.equal(
    waiters.map((one) => one.again(later)),
    [0, 1, 2],
  );
  pass(later, HOLD_S);
  holder.release(later);
  assert.equal(
    waiters.map((one) => one.again(later)),
    ['turn', 1, 2],
  );
});

returns('what is freed before they are back goes to no newcomer', () => {
  const { rig, holder, waiters } = office(2);
  const [first, second] = waiters;
  const later = rig.restart();
  holder.release(later);
  const newcomer = new Waiter(8);
  const other = new Waiter(9);
  assert.is(newcomer.ask(later, false), 'no-seat');
  assert.is(other.ask(later), 0, 'it may wait');
  assert.is(second?.again(later), 0);
  assert.is(first?.again(later), 0);
  pass(later, HOLD_S - 1);
  assert.is(first?.again(later), 0, 'nobody is called yet');
  pass(later, 1);
  assert.equal([first?.again(later), second?.again(later), other.again(later)], ['turn', 1, 2]);
});

returns('over two restarts as well', () => {
  const { rig, waiters } = office(2);
  const once = rig.restart();
  const newcomer = new Waiter(9);
  assert.equal([newcomer.ask(once), ...waiters.map((one) => one.again(once))], [0, 0, 1]);
  pass(once, 1);
  const twice = once.restart();
  assert.equal(
    [newcomer, ...waiters].map((one) => one.again(twice)),
    [0, 0, 1],
  );
  assert.equal(
    [...waiters, newcomer].map((one) => one.again(twice)),
    [0, 1, 2],
  );
});

returns('it lasts a moment, and only where somebody has waited', () => {
  const { rig, holder } = office(1);
  const later = rig.restart();
  holder.release(later);
  assert.is(new Waiter(8).ask(later, false), 'no-seat');
  pass(later, HOLD_S);
  assert.is(new Waiter(9).ask(later, false), 'granted', 'who vanished blocks nobody');
  const calm = later.restart();
  assert.is(new Waiter(10).ask(calm, false), 'no-seat');
  const empty = office(1);
  empty.waiters[0]?.release(empty.rig);
  const after = empty.rig.restart();
  empty.holder.release(after);
  assert.is(new Waiter(9).ask(after, false), 'granted', 'nobody waited any more');
});

returns('a ticket of another, or a made up one, or one for other seats gives no place', () => {
  const { rig, waiters } = office(3);
  const [first, second, third] = waiters;
  const later = rig.restart();
  const liar = new Waiter(9);
  liar.ticket = first?.ticket;
  const forger = new Waiter(10);
  forger.ticket = first?.ticket?.map((byte, i) => (i < 4 ? 0 : byte));
  assert.equal([liar.ask(later), forger.ask(later)], [0, 1]);
  assert.equal(
    [third, second, first].map((one) => one?.again(later)),
    [0, 0, 0],
  );
  assert.equal([liar.again(later), forger.again(later)], [3, 4]);
});

returns('a ticket from before its holder left the queue gives no place in the end', () => {
  const { rig, holder, waiters } = office(2);
  const [liar, honest] = waiters;
  const old = liar?.ticket;
  liar?.release(rig);
  for (let i = 0; i < 20; i++) {
    pass(rig, 3);
    holder.ask(rig);
    honest?.again(rig);
  }
  const later = rig.restart();
  if (liar !== undefined) liar.ticket = old;
  assert.is(liar?.ask(later), 0);
  assert.is(honest?.again(later), 1);
  pass(later, HOLD_S);
  assert.is(honest?.again(later), 0);
  assert.is(liar?.again(later), 1);
});

returns('while it runs the agent knows better than any ticket', () => {
  const { rig, waiters } = office(2);
  const [first, second] = waiters;
  const old = first?.ticket;
  first?.release(rig);
  if (first !== undefined) first.ticket = old;
  assert.is(first?.ask(rig), 1);
  assert.is(second?.again(rig), 0);
});

returns('a clock that is set back by the restart turns no order over', () => {
  const { rig, waiters } = office(2);
  pass(rig, 1);
  const third = new Waiter(9);
  assert.is(third.ask(rig), 2);
  rig.rig.wall -= 300;
  const later = rig.restart();
  const all = [...waiters, third];
  for (const one of [...all].reverse()) one.again(later);
  const newcomer = new Waiter(10);
  assert.is(newcomer.ask(later), 3);
  assert.equal(
    all.map((one) => one.again(later)),
    [0, 1, 2],
  );
});

returns.run();
