/** How licenses are activated, on an agent on a bench: by files, by a call, by nobody, and back again. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { signCertificate } from '../../../protocol/certificate.ts';
import { decodeMasterCall } from '../../../protocol/master-call.ts';
import { openReceipt } from '../../../protocol/return-receipt.ts';
import type { SigningKeys } from '../../../protocol/signed-document.ts';
import { epochSeconds, seconds } from '../../../protocol/units.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';
import {
  ActivationRig,
  answered,
  blocksOf,
  callIn,
  callsIn,
  DAY,
  idOf,
  marksIn,
  NOW,
  notesIn,
  outcomeIn,
  requestIn,
  SILENCE,
  terms,
} from './activation-rig.ts';
import { makeLicense } from './agent-rig.ts';
import { DeskRig } from './desk-rig.ts';
import { StoreModel } from './store-model.ts';

const ACTIVATE = { kind: 'license-activate', ids: [], credentials: null } as const;
const give = (online = false) =>
  ({ kind: 'license-deactivate', id: idOf(1), online, credentials: null }) as const;

test('a response is loaded once or twice, and changes something once', () => {
  const rig = ActivationRig.with();
  const response = rig.vendor.activate(rig.request(), NOW);
  for (const what of ['activated', 'unchanged']) {
    const outcome = rig.load(response);
    if (outcome.kind !== 'license-response') throw new Error(JSON.stringify(outcome));
    assert.equal(
      outcome.results.map((one) => one.what),
      [what],
    );
    assert.is(outcome.results[0]?.view?.state, 'active');
  }
});

test('several licenses are in one request, of several vendors in several', () => {
  const rig = ActivationRig.with();
  rig.desk.license(2, terms());
  const request = rig.vendor.read(rig.request()).request;
  assert.equal(
    request.wanted.map(({ license }) => license),
    [idOf(1), idOf(2)],
  );
  assert.is(request.kind, 'activate');
});

test('a response for another agent, an older request or an unknown one is refused by name', () => {
  const rig = ActivationRig.with();
  const first = rig.request();
  const second = rig.request();
  assert.ok(rig.vendor.read(second).request.number > rig.vendor.read(first).request.number);
  assert.is(rig.refusal(rig.vendor.activate(first, NOW)), 'older-request');
  const other = new ActivationRig(new DeskRig(new StoreModel(), 1, 77));
  other.desk.license(1, terms());
  assert.is(rig.refusal(rig.vendor.activate(other.request(), NOW)), 'other-agent');
  const lost = rig.vendor.activate(second, NOW);
  const fresh = ActivationRig.with();
  fresh.request();
  fresh.request();
  fresh.desk.rig.wall += 1;
  assert.is(fresh.refusal(rig.vendor.activate(rig.request(), NOW)), 'other-request');
  assert.is(rig.state(), 'installed');
  assert.is(rig.refusal(lost), 'older-request');
});

test('a response loads as a whole or not at all', () => {
  const rig = ActivationRig.with();
  rig.desk.license(2, terms());
  const request = rig.request();
  const changed = makeLicense(3, terms());
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  assert.is(
    rig.refusal(rig.vendor.activate(request, NOW, { documents: [changed] })),
    'forged-response',
  );
  assert.equal([rig.state(1), rig.state(2)], ['installed', 'installed']);
  const good = rig.vendor.activate(request, NOW);
  assert.is(
    rig.refusal(good, rig.vendor.activate(request, NOW, { documents: [changed] })),
    'forged-response',
  );
  assert.is(rig.state(1), 'installed', 'two in one text are one');
  const cut = {
    kind: 'license-response',
    text: '-----BEGIN USHER ACTIVATION RESPONSE-----\nAA',
  } as const;
  assert.is(rig.desk.refused(cut)[0], 'no-response');
  assert.is(rig.desk.refused({ kind: 'license-response', text: 'hello' })[0], 'no-response');
  assert.is(rig.refusal(good), 'loaded');
});

test('a response by another vendor is refused, one by a certified key is not', () => {
  const rig = ActivationRig.with();
  const stranger = swiftPrimitives.signingKeys(new Uint8Array(32).fill(66));
  const request = rig.request();
  assert.is(rig.refusal(rig.vendor.activate(request, NOW, { keys: stranger })), 'other-vendor');
  const issuer = swiftPrimitives.signingKeys(new Uint8Array(32).fill(41));
  const certificate = {
    key: issuer.publicKey,
    uses: ['activations'],
    starts: epochSeconds(NOW - 1),
    ends: epochSeconds(NOW + DAY),
    number: 1,
  } as const;
  const keys: SigningKeys = {
    ...issuer,
    certificate: signCertificate(certificate, rig.vendor.keys, swiftPrimitives),
  };
  rig.load(rig.vendor.activate(request, NOW, { keys }));
  assert.is(rig.state(), 'active');
  const revocations = rig.vendor.revoke([issuer.publicKey], NOW);
  const next = rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [revocations] });
  assert.is(rig.refusal(next), 'loaded');
  assert.equal([rig.state(), rig.view().refusal], ['installed', 'not-activated']);
  const again = rig.vendor.activate(rig.request(), NOW, { keys });
  assert.is(rig.refusal(again), 'forged-response', 'the key is revoked');
  rig.restart();
  assert.is(rig.state(), 'installed', 'a restart forgets no revocation');
});

test('a call to the master activates; the request is on the disk before it is sent', () => {
  const rig = ActivationRig.with();
  const credentials = { name: 'N-1', secret: 'ann@example.com' };
  const begun = rig.desk.rig.operate({ ...ACTIVATE, credentials });
  assert.is(callsIn(begun).length, 0);
  const call = callIn(rig.desk.settle(begun));
  assert.equal([call.url, call.credentials], ['http://master.example', credentials]);
  const effects = rig.answer(call, answered(rig.vendor.activate(requestIn(call), NOW)));
  const outcome = outcomeIn(effects);
  if (outcome.kind !== 'license-activate') throw new Error(JSON.stringify(outcome));
  assert.equal(
    outcome.results.map(({ what }) => what),
    ['activated'],
  );
  assert.is(outcome.failures.length, 0);
  assert.is(rig.state(), 'active');
});

test('a master that does not answer, or answers nonsense, changes nothing and is told of once', () => {
  const rig = ActivationRig.with();
  const silent = rig.answer(callIn(rig.begin(ACTIVATE)), SILENCE);
  const outcome = outcomeIn(silent);
  assert.equal(outcome.kind === 'license-activate' && outcome.failures.map(({ code }) => code), [
    'unreachable',
  ]);
  assert.is(notesIn(silent, 'master-silent').length, 1);
  assert.is(notesIn(rig.answer(callIn(rig.begin(ACTIVATE)), SILENCE), 'master-silent').length, 0);
  const call = callIn(rig.begin(ACTIVATE));
  const nonsense = outcomeIn(rig.answer(call, answered(Uint8Array.of(1, 2, 3))));
  assert.equal(nonsense.kind === 'license-activate' && nonsense.failures.map(({ code }) => code), [
    'not-a-master',
  ]);
  const earlier = rig.vendor.activate(requestIn(call), NOW);
  const replayed = outcomeIn(rig.answer(callIn(rig.begin(ACTIVATE)), answered(earlier)));
  assert.is(replayed.kind === 'license-activate' && replayed.failures.length, 1, 'an older answer');
  assert.is(rig.state(), 'installed');
});

test('what is refused by the vendor is told in his words', () => {
  const rig = ActivationRig.with();
  const call = callIn(rig.begin(ACTIVATE));
  const refusals = [
    { license: idOf(1), code: 'agents-taken', sentence: 'It is active on box 7.' },
  ] as const;
  const outcome = outcomeIn(
    rig.answer(call, answered(rig.vendor.respond(requestIn(call), NOW, { refusals }))),
  );
  assert.equal(
    outcome.kind === 'license-activate' &&
      outcome.results.map(({ what, sentence }) => [what, sentence]),
    [['refused', 'It is active on box 7.']],
  );
});

test('a master of another major version is told of once', () => {
  const rig = ActivationRig.with();
  const told = [1, 2].map(() => {
    const call = callIn(rig.begin(ACTIVATE));
    const answer = answered(rig.vendor.respond(requestIn(call), NOW), '7.1.0');
    return notesIn(rig.answer(call, answer), 'version-differs').length;
  });
  assert.equal(told, [1, 0]);
});

test('an emergency needs nobody, lasts as long as the license says, and is spent once', () => {
  const rig = ActivationRig.with();
  const emergency = { kind: 'license-emergency', id: idOf(1) } as const;
  const effects = rig.begin(emergency);
  const marks = marksIn(effects);
  assert.equal(marks, [{ license: idOf(1), floor: 0, emergency: epochSeconds(NOW + 5 * DAY) }]);
  assert.equal([rig.state(), rig.view().emergencyUntil], ['emergency', NOW + 5 * DAY]);
  assert.is(rig.work(), 'granted');
  assert.is(rig.desk.refused(emergency)[0], 'already-active');
  rig.pass(5 * DAY);
  assert.equal([rig.state(), rig.view().refusal], ['installed', 'activation-ended']);
  assert.is(rig.desk.refused(emergency)[0], 'emergency-spent');
  // Another data folder on the same computer, and one without its marks.
  const again = new ActivationRig(new DeskRig(new StoreModel(), 3, 5, marks));
  again.desk.license(1, terms());
  assert.is(again.desk.refused(emergency)[0], 'emergency-spent');
  assert.is(again.view().emergencyBefore, null);
});

test('an emergency is refused where the license forbids it, or not any more', () => {
  const emergency = { kind: 'license-emergency', id: idOf(1) } as const;
  assert.is(
    ActivationRig.with({ emergency: null }).desk.refused(emergency)[0],
    'emergency-forbidden',
  );
  const late = ActivationRig.with();
  late.pass(30 * DAY);
  assert.is(late.desk.refused(emergency)[0], 'emergency-late');
  const none = new ActivationRig();
  none.desk.license(1, {});
  assert.is(none.desk.refused(emergency)[0], 'needs-no-activation');
});

test('the vendor’s activation takes the place of an emergency', () => {
  const rig = ActivationRig.with();
  rig.begin({ kind: 'license-emergency', id: idOf(1) });
  rig.activate({ lasts: 40 * DAY });
  assert.is(rig.state(), 'active');
  assert.is(rig.view().activated?.by, 'vendor');
});

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

test('who names no license means those that wait here, and can be activated so', () => {
  const rig = ActivationRig.with();
  rig.activate();
  outcomeIn(rig.begin(give(false)));
  const all = { kind: 'license-activate', ids: [], credentials: null } as const;
  rig.desk.license(2, terms({ master: null }));
  assert.match(rig.desk.refused(all)[1], new RegExp(`^License ${idOf(2)} names no master`));
  rig.desk.license(3, terms());
  const { request } = rig.vendor.read(requestIn(callIn(rig.begin(all))));
  assert.equal(
    request.wanted.map(({ license }) => license),
    [idOf(3)],
  );
});

test('a request that is loaded in the place of its answer is called by its name', () => {
  const rig = ActivationRig.with();
  const { requests } = rig.desk.done({ kind: 'license-request', ids: [] });
  const text = requests[0]?.text ?? '';
  const [code, why] = rig.desk.refused({ kind: 'license-response', text });
  assert.is(code, 'no-response');
  assert.match(why, /^This is a request/);
});

test('once a day it asks by itself; a refresh brings licenses, activations and standings at once', () => {
  const rig = ActivationRig.with();
  rig.activate({ lasts: 40 * DAY });
  const first = callIn(rig.pass(700));
  assert.is(rig.vendor.read(requestIn(first)).request.kind, 'refresh');
  const heir = makeLicense(2, { ...terms(), supersedes: [idOf(1)] });
  rig.answer(
    first,
    answered(rig.vendor.respond(requestIn(first), rig.wall, { documents: [heir] })),
  );
  assert.is(rig.state(2), 'installed');
  assert.is(callsIn(rig.pass(DAY / 2)).length, 0);
  const next = callIn(rig.pass(DAY));
  rig.answer(next, answered(rig.vendor.activate(requestIn(next), rig.wall, { lasts: 40 * DAY })));
  assert.equal([rig.state(1), rig.state(2)], ['superseded', 'active']);
});

test('a master that is away is asked again within hours, and changes nothing', () => {
  const rig = ActivationRig.with();
  rig.activate({ lasts: 40 * DAY });
  rig.answer(callIn(rig.pass(700)), SILENCE);
  assert.is(callsIn(rig.pass(2 * 3600)).length, 1);
  assert.is(rig.state(), 'active');
});

test('a removed license comes back as it was, within thirty days', () => {
  const rig = ActivationRig.with();
  rig.activate();
  rig.desk.done({ kind: 'license-remove', id: idOf(1) });
  rig.restart();
  const { licenses } = rig.desk.done({ kind: 'license-removed' });
  assert.equal(
    licenses.map(({ license }) => license),
    [idOf(1)],
  );
  rig.desk.done({ kind: 'license-restore', id: idOf(1).slice(0, 6) });
  assert.is(rig.state(), 'active');
  assert.equal(rig.desk.done({ kind: 'license-removed' }).licenses, []);
  rig.desk.done({ kind: 'license-remove', id: idOf(1) });
  rig.pass(30 * DAY);
  assert.is(rig.desk.refused({ kind: 'license-restore', id: idOf(1) })[0], 'no-match');
});

test('what the store cannot keep is not true', () => {
  const rig = ActivationRig.with();
  const response = rig.vendor.activate(rig.request(), NOW);
  const outcome = rig.desk.failing({ kind: 'license-emergency', id: idOf(1) });
  assert.is(outcome.kind === 'refused' && outcome.code, 'store-failing');
  assert.is(rig.state(), 'installed');
  rig.load(response);
  assert.is(rig.state(), 'active');
  const kept = rig.desk.failing(give());
  assert.is(kept.kind === 'refused' && kept.code, 'store-failing');
  assert.is(rig.state(), 'active');
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
