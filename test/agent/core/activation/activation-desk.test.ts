/** How licenses are activated, on an agent on a bench: by files, by a call, by nobody. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { signCertificate } from '../../../../protocol/certificate.ts';
import type { SigningKeys } from '../../../../protocol/signed-document.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { swiftPrimitives } from '../../../simulation/swift-primitives.ts';
import { makeLicense } from '../agent-rig.ts';
import { DeskRig } from '../desk-rig.ts';
import { StoreModel } from '../store-model.ts';
import {
  ActivationRig,
  answered,
  callIn,
  callsIn,
  DAY,
  idOf,
  NOW,
  notesIn,
  outcomeIn,
  requestIn,
  SILENCE,
  terms,
} from './activation-rig.ts';

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

test.run();
