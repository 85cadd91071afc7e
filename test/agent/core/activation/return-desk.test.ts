/** How licenses are given back, on an agent on a bench. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeMasterCall } from '../../../../protocol/master-call.ts';
import { openReceipt } from '../../../../protocol/return-receipt.ts';
import { seconds } from '../../../../protocol/units.ts';
import { swiftPrimitives } from '../../../simulation/swift-primitives.ts';
import {
  ActivationRig,
  answered,
  blocksOf,
  callIn,
  callsIn,
  DAY,
  idOf,
  NOW,
  outcomeIn,
  requestIn,
  SILENCE,
} from './activation-rig.ts';

const give = (online = false) =>
  ({ kind: 'license-deactivate', id: idOf(1), online, credentials: null }) as const;

test('given back with nobody at work: the receipt is made, and nothing is lent before it is', () => {
  const rig = ActivationRig.with();
  rig.activate();
  const effects = rig.desk.rig.operate(give());
  assert.is(
    effects.filter(({ kind }) => kind === 'answer').length,
    0,
    'not before it is on the disk',
  );
  const client = rig.desk.client();
  assert.is(rig.desk.take(client, { user: 'bob' })?.kind, 'refused');
  const outcome = outcomeIn(rig.desk.settle(effects));
  if (outcome.kind !== 'license-deactivate') throw new Error(JSON.stringify(outcome));
  const [receipt = new Uint8Array(0)] = blocksOf('receipt', outcome.receipt ?? '');
  const opened = openReceipt(receipt, swiftPrimitives);
  assert.is(opened.ok && opened.value.receipt.license, idOf(1));
  assert.equal([rig.state(), rig.view().refusal], ['installed', 'license-returned']);
  const again = rig.desk.done(give());
  assert.equal(
    blocksOf('receipt', again.receipt ?? ''),
    [receipt],
    'the same receipt, as often as it is asked for',
  );
  assert.is(blocksOf('request', again.receipt ?? '').length, 1);
  const { agent } = rig.vendor.read(rig.request(idOf(1)));
  const freed = rig.vendor.standing(idOf(1), 'freed', NOW, agent.signingKey, 'It came back.');
  const told = rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [freed] }));
  assert.equal(
    told.kind === 'license-response' && told.results.map(({ what }) => what),
    ['unchanged'],
    'that the vendor has it is no news',
  );
  assert.is(rig.view().vendorSays, 'It came back.');
  rig.restart();
  assert.is(rig.work(), 'license-returned');
  assert.equal(blocksOf('receipt', rig.desk.done(give()).receipt ?? ''), [receipt]);
  rig.activate();
  assert.is(rig.work(), 'granted', 'a later activation lends again');
  assert.is(rig.view().vendorSays, null);
});

test('while somebody holds a seat there is no receipt, and the wait has an end', () => {
  const rig = ActivationRig.with();
  rig.activate();
  const client = rig.desk.client();
  rig.desk.take(client, {});
  const first = rig.desk.done(give());
  assert.equal([first.receipt, first.lent], [null, 1]);
  assert.ok((first.until ?? 0) > NOW + 60 && (first.until ?? 0) < NOW + 90, String(first.until));
  assert.is(rig.work('bob'), 'license-returned');
  rig.restart();
  assert.is(rig.desk.done(give()).receipt, null, 'a restart gives them one more term');
  rig.pass(100);
  assert.ok(rig.desk.done(give()).receipt);
});

test('what is about to be given back can be kept after all', () => {
  const rig = ActivationRig.with();
  rig.activate();
  rig.desk.take(rig.desk.client(), {});
  rig.desk.done(give());
  rig.desk.done({ kind: 'license-restore', id: idOf(1) });
  assert.is(rig.state(), 'active');
});

test('given back by a call, the receipt goes along; until the master has it, it is told again', () => {
  const rig = ActivationRig.with();
  rig.activate();
  const call = callIn(rig.begin(give(true)));
  const asked = rig.vendor.read(requestIn(call)).request;
  assert.is(asked.kind, 'return');
  assert.is(decodeMasterCall(call.body)?.receipts.length, 1);
  const lost = outcomeIn(rig.answer(call, SILENCE));
  assert.equal(lost.kind === 'license-deactivate' && [lost.told, lost.failures.length], [false, 1]);
  const next = callIn(rig.begin(give(true)));
  const done = outcomeIn(rig.answer(next, answered(rig.vendor.respond(requestIn(next), NOW))));
  assert.is(done.kind === 'license-deactivate' && done.told, true);
  assert.is(callsIn(rig.begin(give(true))).length, 0, 'the master has it');
});

test('a borrowed seat keeps the receipt back until it is back, or its time is over', () => {
  const rig = ActivationRig.with({}, { borrow: { seats: 1, longest: seconds(9 * DAY) } });
  rig.activate();
  const client = rig.desk.client();
  rig.desk.take(client, {});
  const hostCode = new Uint8Array(10).fill(1);
  const borrow = { kind: 'borrow', id: 90, duration: seconds(2 * DAY), hostCode } as const;
  const reply = client.read(rig.desk.settle(client.ask(borrow)));
  assert.is(reply?.kind, 'borrowed');
  const first = rig.desk.done(give());
  assert.is(first.receipt, null);
  assert.ok((first.until ?? 0) >= NOW + 2 * DAY);
  rig.pass(DAY);
  assert.is(rig.desk.done(give()).receipt, null);
  rig.pass(DAY + 3 * 3600);
  assert.ok(rig.desk.done(give()).receipt);
});

test.run();
