/** What becomes of a license that asks for activation, on an agent on a bench: one state after the other. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { signCertificate } from '../../../../protocol/certificate.ts';
import { REFUSALS } from '../../../../protocol/refusal.ts';
import { signLicense } from '../../../../protocol/signed-license.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { plainLicense } from '../../../plain-license.ts';
import { swiftPrimitives } from '../../../simulation/swift-primitives.ts';
import { armored, makeLicense, renew } from '../agent-rig.ts';
import { ActivationRig, DAY, idOf, NOW, notesIn, terms } from './activation-rig.ts';

test('installed, then active, and lends with a proof that has the activation', () => {
  const rig = ActivationRig.with();
  const before = rig.view();
  assert.is(before.state, 'installed');
  assert.is(before.refusal, 'not-activated');
  assert.match(before.remedy ?? '', `usher license activate ${idOf(1)} --online`);
  assert.is(rig.work(), 'not-activated');
  const outcome = rig.activate({ lasts: 40 * DAY });
  assert.is(outcome.kind, 'license-response');
  assert.equal(outcome.kind === 'license-response' && outcome.results.map(({ what }) => what), [
    'activated',
  ]);
  const after = rig.view();
  assert.is(after.state, 'active');
  assert.equal(after.activated, {
    by: 'vendor',
    issued: NOW,
    until: NOW + 40 * DAY,
    ends: NOW + 45 * DAY,
  });
  assert.is(rig.work(), 'granted');
});

test('the last quarter of an activation is expiring, its grace lends, and its end is installed', () => {
  const rig = ActivationRig.with();
  rig.activate({ lasts: 40 * DAY });
  // A life of 45 days with the grace: from the quarter on it is told of.
  rig.pass(33 * DAY);
  assert.is(rig.state(), 'active');
  assert.is(rig.view().nextChange, epochSeconds(NOW + 45 * DAY - Math.ceil((45 * DAY) / 4)));
  rig.pass(DAY);
  assert.is(rig.state(), 'expiring');
  rig.pass(7 * DAY);
  assert.is(rig.work(), 'granted', 'in its grace');
  rig.pass(4 * DAY);
  const { state, refusal, reason } = rig.view();
  assert.equal([state, refusal], ['installed', 'activation-ended']);
  assert.is(reason, REFUSALS['activation-ended'].sentence);
  assert.is(rig.work(), 'activation-ended');
});

test('who holds a seat when the activation ends is told, and keeps it to the end of his term', () => {
  const rig = ActivationRig.with();
  rig.activate({ lasts: 40 * DAY });
  rig.pass(45 * DAY - 30);
  const client = rig.desk.client();
  assert.is(rig.desk.take(client, {})?.kind, 'granted');
  rig.desk.rig.wall += 30;
  const reply = client.read(rig.desk.settle(client.ask(renew(50))));
  assert.is(reply?.kind, 'ending');
  assert.is(reply?.kind === 'ending' && reply.code, 'activation-ended');
});

test('suspended by the vendor it lends nothing, resumed it does, with the vendor’s words', () => {
  const rig = ActivationRig.with();
  rig.activate();
  const suspended = rig.vendor.standing(idOf(1), 'suspended', NOW, null, 'The bill is open.');
  rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [suspended] }));
  assert.equal([rig.state(), rig.view().vendorSays], ['suspended', 'The bill is open.']);
  assert.is(rig.work(), 'license-suspended');
  rig.restart();
  assert.is(rig.state(), 'suspended', 'a restart forgets nothing');
  const resumed = rig.vendor.standing(idOf(1), 'active', NOW);
  rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [resumed] }));
  assert.is(rig.state(), 'active');
  rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [suspended] }));
  assert.is(rig.state(), 'active', 'an older word does not come back');
});

test('revoked is for ever', () => {
  const rig = ActivationRig.with();
  rig.activate();
  const revoked = rig.vendor.standing(idOf(1), 'revoked', NOW);
  rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [revoked] }));
  assert.is(rig.state(), 'revoked');
  const resumed = rig.vendor.standing(idOf(1), 'active', NOW);
  rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [resumed] }));
  assert.is(rig.state(), 'revoked');
  assert.is(rig.work(), 'license-revoked');
});

test('freed by the vendor it is gone from this agent, until a later activation', () => {
  const rig = ActivationRig.with();
  const first = rig.vendor.activate(rig.request(), NOW);
  rig.load(first);
  const { agent } = rig.vendor.read(rig.request(idOf(1)));
  const freed = rig.vendor.standing(idOf(1), 'freed', NOW, agent.signingKey);
  rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [freed] }));
  assert.equal([rig.state(), rig.view().refusal], ['installed', 'license-returned']);
  rig.load(rig.vendor.activate(rig.request(idOf(1)), NOW));
  const other = rig.vendor.standing(idOf(1), 'freed', NOW, new Uint8Array(32).fill(9));
  rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [other] }));
  assert.is(rig.state(), 'active', 'freed from another agent is nothing to this one');
});

test('freed before something later was said of the license, it is gone from this agent all the same', () => {
  const rig = ActivationRig.with();
  rig.load(rig.vendor.activate(rig.request(), NOW));
  const { agent } = rig.vendor.read(rig.request(idOf(1)));
  const freed = rig.vendor.standing(idOf(1), 'freed', NOW, agent.signingKey);
  rig.vendor.standing(idOf(1), 'suspended', NOW);
  const resumed = rig.vendor.standing(idOf(1), 'active', NOW);
  rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [resumed, freed] }));
  assert.equal([rig.state(), rig.view().refusal], ['installed', 'license-returned']);
});

test('revocations in a response that is signed with a revoked key count for nothing', () => {
  const rig = ActivationRig.with();
  rig.activate();
  const revocations = rig.vendor.revoke([rig.vendor.keys.publicKey], NOW);
  const answer = rig.vendor.respond(rig.request(idOf(1)), NOW, { documents: [revocations] });
  assert.is(rig.refusal(answer), 'forged-response', 'who revokes himself says nothing');
  assert.is(rig.state(), 'active');
});

test('a license signed with a key that is revoked later is invalid, for good', () => {
  const rig = new ActivationRig();
  const issuer = swiftPrimitives.signingKeys(new Uint8Array(32).fill(41));
  const root = rig.vendor.keys;
  const certificate = signCertificate(
    {
      key: issuer.publicKey,
      uses: ['licenses'],
      starts: epochSeconds(NOW - DAY),
      ends: epochSeconds(NOW + DAY),
      number: 1,
    },
    root,
    swiftPrimitives,
  );
  const keys = { ...issuer, certificate };
  const id = new Uint8Array(16).fill(1);
  const license = signLicense(plainLicense(terms()), id, keys, swiftPrimitives);
  rig.desk.done({ kind: 'license-add', text: armored(license) });
  rig.activate();
  const client = rig.desk.client();
  assert.is(rig.desk.take(client, {})?.kind, 'granted');
  const documents = [rig.vendor.revoke([issuer.publicKey], NOW)];
  rig.load(rig.vendor.respond(rig.request(idOf(1)), NOW, { documents }));
  assert.equal([rig.state(), rig.view().refusal], ['invalid', 'license-invalid']);
  assert.is(rig.work('bob'), 'license-invalid');
  const reply = client.read(rig.desk.settle(client.ask(renew(50))));
  assert.is(reply?.kind === 'ending' && reply.code, 'license-invalid');
  rig.restart();
  assert.is(rig.state(), 'invalid');
});

test('an heir takes the place of another license only when it is active', () => {
  const rig = new ActivationRig();
  const id = rig.desk.license(1, {});
  rig.desk.license(2, { ...terms(), supersedes: [idOf(1)] });
  assert.equal([rig.state(1), rig.state(2)], ['active', 'installed']);
  assert.is(rig.work(), 'granted', 'the old one lends on');
  rig.activate();
  assert.equal([rig.state(1), rig.state(2)], ['superseded', 'active']);
  assert.is(id, idOf(1));
});

test('nobody borrows beyond the end of an activation', () => {
  const rig = ActivationRig.with({}, { borrow: { seats: 1, longest: seconds(60 * DAY) } });
  rig.activate({ lasts: 40 * DAY });
  assert.is(rig.desk.work({}, { borrow: seconds(46 * DAY) }), 'borrow-too-long');
  assert.is(rig.desk.work({}, { borrow: seconds(44 * DAY) }), 'granted');
});

test('ends are told of 30, 7 and 1 days before, each once, and when they have come', () => {
  const rig = ActivationRig.with({ refresh: null }, { expires: epochSeconds(NOW + 100 * DAY) });
  rig.activate();
  const told: unknown[] = [];
  for (let day = 0; day < 101; day++) {
    for (const note of notesIn(rig.pass(DAY), 'ending-soon')) {
      told.push([day + 1, (note as { days: number }).days]);
    }
  }
  assert.equal(told, [
    [70, 30],
    [93, 7],
    [99, 1],
    [100, 0],
  ]);
  const text = armored(makeLicense(2));
  const more = rig.begin({ kind: 'license-add', text });
  assert.is(notesIn(more, 'ending-soon').length, 0, 'not again where something else has changed');
  const { endings } = rig.desk.done({ kind: 'status' }).status;
  assert.equal(
    endings.map(({ what, days }) => [what, days]),
    [['license', 0]],
  );
});

test.run();
