/** Sessions that somebody opens by the thousand and never uses: they are bounded, and forgotten. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { IDLE_SESSIONS_MAX } from '../../../../agent/core/sessions/listener.ts';
import { SESSION_IDLE } from '../../../../agent/core/sessions/session-table.ts';
import { AgentRig, acquire, makeLicense, renew } from '../agent-rig.ts';
import { DeskRig } from '../desk-rig.ts';

const MOST = 500;
const NEWCOMERS = 3000;
/** From as many addresses, ten a millisecond; a million are run by hand. */
const CROWD = Number(process.env['USHER_HALF_OPEN'] ?? 12_000);
const CROWD_EVERY_MS = 0.1;
/** New sessions of all addresses together: at once, then in a second. */
const LET_IN_AT_ONCE = 4000;
const LET_IN_A_SECOND = 2000;

test('half-open sessions fill no more than their table, keep out no holder, and go by themselves', () => {
  const rig = new AgentRig(1, [], MOST);
  rig.add(makeLicense(2));
  const holder = rig.client(1);
  assert.is(holder.take(1)?.kind, 'granted');
  const answers = { busy: 0, other: 0 };
  for (let number = 2; number < NEWCOMERS; number++) {
    rig.now++;
    const client = rig.client(number);
    const reply = client.read(client.ask(acquire(1, 'no such class')));
    answers[reply?.kind === 'refused' && reply.code === 'busy' ? 'busy' : 'other']++;
    assert.ok(rig.agent.tableSizes.sessions <= MOST + 1);
    assert.ok(rig.agent.tableSizes.deadlines <= MOST + 2);
  }
  assert.ok(answers.busy > NEWCOMERS - MOST - 10, JSON.stringify(answers));
  assert.is(rig.agent.leaseCount, 1);
  rig.now += SESSION_IDLE / 2;
  assert.is(holder.take(2)?.kind, 'granted', 'the holder is heard');
  rig.now += SESSION_IDLE;
  // A turn of the sweep ends so many.
  rig.step({ kind: 'wake' });
  rig.step({ kind: 'wake' });
  assert.is(rig.agent.tableSizes.sessions, 1);
  assert.is(rig.client(NEWCOMERS).take(1)?.kind, 'granted', 'a newcomer is let in again');
});

test('however many new addresses come with good cookies, so many sessions are made a second', () => {
  const rig = new AgentRig(1, [], IDLE_SESSIONS_MAX);
  rig.add(makeLicense(2));
  const holder = rig.client(1);
  assert.is(holder.take(1)?.kind, 'granted');
  let renewed = 1;
  for (let number = 2; number < CROWD + 2; number++) {
    rig.now += CROWD_EVERY_MS;
    rig.client(number).ask(acquire(1, 'no such class'));
    const letIn = LET_IN_AT_ONCE + (LET_IN_A_SECOND * rig.now) / 1000;
    assert.ok(rig.agent.tableSizes.sessions <= letIn + 1);
    assert.ok(rig.agent.tableSizes.deadlines <= letIn + 2);
    if (number % 10_000 !== 0) continue;
    assert.is(holder.read(holder.ask(renew(++renewed)))?.kind, 'renewed', 'the holder is heard');
  }
  const most = LET_IN_AT_ONCE + (LET_IN_A_SECOND * SESSION_IDLE) / 1000;
  assert.ok(most < IDLE_SESSIONS_MAX, 'they end before the table is full');
});

test('wrong cookies of one address are not looked at for ever, and who holds a seat is heard', () => {
  const desk = new DeskRig();
  const { rig } = desk;
  rig.add(makeLicense(2));
  const holder = rig.client(1);
  assert.is(holder.take(1)?.kind, 'granted');
  const stranger = rig.client(9);
  const wrong = rig.client(3).hello(acquire(1));
  for (let i = 0; i < 5000; i++) rig.hear(stranger.endpoint, wrong);
  const { counters } = desk.done({ kind: 'status' }).status;
  const looked = counters['dropped no-cookie'] ?? 0;
  assert.ok(looked > 0 && looked <= 2000, `${looked} were looked at`);
  assert.is(looked + (counters['dropped too-many'] ?? 0), 5000);
  assert.is(holder.read(holder.ask(renew(2)))?.kind, 'renewed');
});

test.run();
