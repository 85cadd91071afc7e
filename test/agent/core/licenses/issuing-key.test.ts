import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChildLedger } from '../../../../agent/core/children/child-ledger.ts';
import { ofVendor } from '../../../../agent/core/licenses/any-license.ts';
import { LicenseShelf } from '../../../../agent/core/licenses/license-shelf.ts';
import { bytesToHex, equalBytes } from '../../../../protocol/bytes.ts';
import { signCertificate } from '../../../../protocol/certificate.ts';
import { keyId, licenseId } from '../../../../protocol/ids.ts';
import type { License } from '../../../../protocol/license.ts';
import { makeProof } from '../../../../protocol/proof.ts';
import { hashDocument, type SigningKeys } from '../../../../protocol/signed-document.ts';
import { openLicense, signLicense } from '../../../../protocol/signed-license.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { plainLicense, plainPool } from '../../../plain-license.ts';
import { swiftPrimitives } from '../../../simulation/swift-primitives.ts';
import { AgentRig, acquire, makeLicense, only } from '../agent-rig.ts';

/** As in the rig. */
const ROOT = swiftPrimitives.signingKeys(new Uint8Array(32).fill(1));
const ISSUER = swiftPrimitives.signingKeys(new Uint8Array(32).fill(41));

const certify = (uses: readonly ['licenses' | 'standings'] = ['licenses']): SigningKeys => {
  const dates = { starts: epochSeconds(0), ends: epochSeconds(1000) };
  const certificate = { key: ISSUER.publicKey, uses, ...dates, number: 1 };
  return { ...ISSUER, certificate: signCertificate(certificate, ROOT, swiftPrimitives) };
};

const issue = (number: number, terms: Partial<License> = {}, keys = certify()): Uint8Array =>
  signLicense(plainLicense(terms), new Uint8Array(16).fill(number), keys, swiftPrimitives);

const statesOf = (rig: AgentRig): readonly string[] => {
  const { outcome } = only(rig.operate({ kind: 'license-list' }), 'answer');
  return outcome.kind === 'license-list' ? outcome.licenses.map((one) => one.state) : [];
};

const trust = (rig: AgentRig, key: Uint8Array): void => {
  rig.step({
    kind: 'preferences',
    preferred: { name: 'rig', vendorKeys: [key], refuseHosts: [] },
  });
};

const keys = suite('issuing key');

keys('a license that it signed is taken for one of its root key', () => {
  const rig = new AgentRig();
  trust(rig, ROOT.publicKey);
  const outcome = rig.add(issue(1));
  assert.ok(outcome.kind === 'license-add');
  const [first] = outcome.results;
  assert.is(first?.fault, null);
  assert.is(first?.added?.signer, keyId(swiftPrimitives.sha512, ROOT.publicKey));
  assert.is(rig.client(1).take(1)?.kind, 'granted');
});

keys('who trusts only the issuing key trusts no license of it', () => {
  const rig = new AgentRig();
  trust(rig, ISSUER.publicKey);
  const outcome = rig.add(issue(1));
  assert.is(outcome.kind === 'license-add' && outcome.results[0]?.fault, 'wrong-key');
});

keys('what it may not sign, or not then, is refused in words', () => {
  const rig = new AgentRig();
  const faultOf = (bytes: Uint8Array) => {
    const outcome = rig.add(bytes);
    return outcome.kind === 'license-add' ? outcome.results[0]?.fault : undefined;
  };
  assert.is(faultOf(issue(1, {}, certify(['standings']))), 'certificate-use');
  assert.is(faultOf(issue(1, { issued: epochSeconds(1000) })), 'certificate-date');
  assert.equal(statesOf(rig), []);
});

keys('its licenses take the place of those of the root key, and the other way round', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1));
  rig.add(issue(2, { supersedes: [licenseId(new Uint8Array(16).fill(1))] }));
  rig.add(makeLicense(3, { supersedes: [licenseId(new Uint8Array(16).fill(2))] }));
  assert.equal(statesOf(rig), ['superseded', 'superseded', 'active']);
});

keys('a key that another vendor certified takes the place of nothing', () => {
  const rig = new AgentRig();
  const other = swiftPrimitives.signingKeys(new Uint8Array(32).fill(42));
  rig.add(makeLicense(1));
  const supersedes = [licenseId(new Uint8Array(16).fill(1))];
  rig.add(signLicense(plainLicense({ supersedes }), new Uint8Array(16), other, swiftPrimitives));
  assert.equal(statesOf(rig), ['active', 'active']);
});

keys('a trial is used up, whichever key of the vendor signed it', () => {
  const rig = new AgentRig();
  const trial = { trial: seconds(1000), pools: [plainPool(5)] };
  rig.add(makeLicense(1, trial));
  rig.client(1).take(1);
  rig.now += 2_000_000;
  rig.wall += 2000;
  rig.add(issue(2, trial));
  assert.equal(statesOf(rig), ['expired', 'expired']);
});

keys('seats of licenses by both keys add up', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1), issue(2));
  const client = rig.client(1);
  const effects = client.ask(acquire(1, null, { weight: 2 }));
  const reply = client.read(rig.settle(effects));
  assert.is(reply?.kind === 'granted' && reply.parts.length, 2);
});

const shelfKeys = suite('proofs on the shelf');

const opened = openLicense(issue(1), swiftPrimitives);

shelfKeys('a license is shown by its proof, and by the one before', () => {
  if (!opened.ok) throw new Error(opened.error);
  const shelf = new LicenseShelf(swiftPrimitives, new ChildLedger());
  const shelved = shelf.add(ofVendor(opened.value));
  const plain = makeProof(opened.value.bytes);
  assert.ok(equalBytes(shelved.proof, plain));
  const hashes = [shelved.proofHash];
  for (const fill of [1, 2]) {
    shelf.prove(shelved, { activation: new Uint8Array(9).fill(fill) });
    hashes.push(shelved.proofHash);
    shelf.prove(shelved, { activation: new Uint8Array(9).fill(fill) });
  }
  const [first, second, third] = hashes.map((hash) => shelf.proof(hash));
  assert.is(first, undefined, 'two before');
  assert.ok(second !== undefined && third !== undefined);
  assert.is(bytesToHex(hashDocument(third, swiftPrimitives)), bytesToHex(shelved.proofHash));
  shelf.remove(shelved);
  assert.equal(
    hashes.map((hash) => shelf.proof(hash)),
    [undefined, undefined, undefined],
  );
});

shelfKeys('a proof that comes back after another is shown', () => {
  if (!opened.ok) throw new Error(opened.error);
  const shelf = new LicenseShelf(swiftPrimitives, new ChildLedger());
  const shelved = shelf.add(ofVendor(opened.value));
  shelf.prove(shelved, { activation: new Uint8Array(9) });
  shelf.prove(shelved, {});
  assert.ok(shelf.proof(shelved.proofHash) !== undefined);
  shelf.prove(shelved, { activation: new Uint8Array(9) });
  assert.ok(shelf.proof(shelved.proofHash) !== undefined);
});

keys.run();
shelfKeys.run();
