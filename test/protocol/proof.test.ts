import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openActivation, signActivation } from '../../protocol/activation.ts';
import { activationEnds, checkActivation, emergencyOf } from '../../protocol/activation-check.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { checkProof, makeProof } from '../../protocol/proof.ts';
import { signRevocations } from '../../protocol/revocations.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import { openLicense, signLicense } from '../../protocol/signed-license.ts';
import { seconds } from '../../protocol/units.ts';
import { BOUND_LICENSE, certified, day } from '../../scripts/vectors/activation-keys.ts';
import { ACTIVATION, BOUND_BYTES } from '../../scripts/vectors/documents.ts';
import { AGENT_KEYS, LICENSE_ID, VENDOR_KEYS } from '../../scripts/vectors/fixed.ts';

const QUESTION = {
  vendorKeys: [VENDOR_KEYS.publicKey],
  agentKey: AGENT_KEYS.publicKey,
  wall: day(4),
};

const proofs = suite('proof');

proofs('no proof survives the change of a byte, or being cut short', () => {
  const keys = certified();
  const license = signLicense(BOUND_LICENSE, LICENSE_ID, keys, primitives);
  const licenseHash = hashDocument(license, primitives);
  const activation = signActivation({ ...ACTIVATION, licenseHash }, keys, primitives);
  const revoked = { issued: day(1), number: 1, keys: [new Uint8Array(32)] };
  const revocations = signRevocations(revoked, VENDOR_KEYS, primitives);
  const proof = makeProof(license, { activation, revocations });
  const whole = checkProof(proof, QUESTION, primitives);
  assert.ok(whole.ok, whole.ok ? '' : whole.error);
  for (let i = 0; i < proof.length; i++) {
    const changed = proof.with(i, (proof[i] ?? 0) ^ (1 + (i % 255)));
    assert.not.ok(checkProof(changed, QUESTION, primitives).ok, `byte ${i}`);
    assert.not.ok(checkProof(proof.subarray(0, i), QUESTION, primitives).ok, `cut at ${i}`);
  }
});

proofs('any vendor is believed where none is named, and its activation still counts', () => {
  const any = { ...QUESTION, vendorKeys: null };
  assert.ok(!checkProof(makeProof(BOUND_BYTES), any, primitives).ok);
  const activation = signActivation(ACTIVATION, VENDOR_KEYS, primitives);
  const checked = checkProof(makeProof(BOUND_BYTES, { activation }), any, primitives);
  assert.is(checked.ok && checked.value.activation?.activation.number, 1);
});

proofs('an agent, whose clock is guarded, allows no tolerance', () => {
  const license = openLicense(BOUND_BYTES, primitives);
  const signed = openActivation(signActivation(ACTIVATION, VENDOR_KEYS, primitives), primitives);
  assert.ok(license.ok && signed.ok);
  const faultAt = (days: number) =>
    checkActivation({
      signed: signed.value,
      license: license.value,
      licenseHash: hashDocument(BOUND_BYTES, primitives),
      agentKey: AGENT_KEYS.publicKey,
      wall: day(days),
      tolerance: seconds(0),
    });
  assert.is(faultAt(104.99), undefined);
  assert.is(faultAt(105), 'activation-expired');
  const terms = license.value.license.activation;
  assert.is(terms && activationEnds(signed.value, terms), day(105));
  assert.is(terms && activationEnds(signed.value, { ...terms, refresh: null }), day(91));
});

proofs('an emergency begins in its window', () => {
  const license = openLicense(BOUND_BYTES, primitives);
  assert.ok(license.ok);
  assert.equal(emergencyOf(license.value.license), { before: day(30), longest: 432_000 });
  assert.is(emergencyOf({ ...license.value.license, activation: null }), undefined);
});

proofs.run();
