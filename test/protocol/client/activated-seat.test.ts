import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Activation, signActivation, signEmergency } from '../../../protocol/activation.ts';
import { licenseId } from '../../../protocol/ids.ts';
import type { ActivationTerms } from '../../../protocol/license.ts';
import { makeProof } from '../../../protocol/proof.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { epochSeconds, seconds } from '../../../protocol/units.ts';
import { ACTIVATION_TERMS } from '../../plain-license.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';
import { makeLicense } from './scripted-agent.ts';
import { VirtualSite, WALL } from './virtual-site.ts';

const VENDOR = swiftPrimitives.signingKeys(new Uint8Array(32).fill(1));
const AGENT_SIGNING = swiftPrimitives.signingKeys(new Uint8Array(32).fill(50));
const DAY = 86_400;
const date = (days: number) => epochSeconds(Math.round(WALL + days * DAY));

/** The X25519 key of the site's nth agent. */
const keyOf = (number: number) =>
  swiftPrimitives.agreementKeys(new Uint8Array(32).fill(number)).publicKey;

const TERMS: ActivationTerms = {
  ...ACTIVATION_TERMS,
  emergency: { longest: seconds(5 * DAY), window: seconds(0xffff_ffff) },
};
const LICENSE = makeLicense(1, { activation: TERMS });

const ACTIVATION: Omit<Activation, 'kind'> = {
  license: licenseId(new Uint8Array(16).fill(1)),
  licenseHash: hashDocument(LICENSE, swiftPrimitives),
  agent: { signingKey: AGENT_SIGNING.publicKey, boxKey: keyOf(1) },
  host: new Uint8Array(30),
  number: 1,
  issued: date(-10),
  until: date(20),
  nonce: null,
};

const activate = (changes: Partial<typeof ACTIVATION> = {}): Uint8Array =>
  makeProof(LICENSE, {
    activation: signActivation({ ...ACTIVATION, ...changes }, VENDOR, swiftPrimitives),
  });

/** What becomes of a seat that an agent shows this proof for: `held`, or the reason of the distrust. */
const seatWith = (proof: Uint8Array): string => {
  const site = new VirtualSite();
  const agent = site.addAgent();
  agent.document = proof;
  const client = site.addClient();
  client.step({ kind: 'start' });
  site.runUntil(() => client.kind === 'held' || client.kind === 'failed');
  if (client.kind === 'held') return 'held';
  site.run(10_000);
  assert.is(agent.leases.size, 0, 'the seat goes back');
  const { failure } = client.last('failed');
  return failure.kind === 'untrusted' ? failure.reason : failure.kind;
};

const seats = suite('seat of an activated license');

seats('it is held at the agent that it is activated for', () => {
  assert.is(seatWith(activate()), 'held');
  assert.is(seatWith(activate({ until: null })), 'held');
});

seats('it is not at another, nor by the activation of another license', () => {
  const copied = { ...ACTIVATION.agent, boxKey: keyOf(2) };
  assert.is(seatWith(activate({ agent: copied })), 'other-agent');
  assert.is(seatWith(activate({ licenseHash: new Uint8Array(32) })), 'other-license');
  assert.is(seatWith(activate({ license: licenseId(new Uint8Array(16)) })), 'other-license');
});

seats('it is not without an activation, or after its end', () => {
  assert.is(seatWith(makeProof(LICENSE)), 'not-activated');
  assert.is(seatWith(activate({ until: date(-2) })), 'activation-expired');
  assert.is(seatWith(activate({ until: date(-0.5) })), 'held', 'its calendar may be wrong');
});

seats('an emergency counts as the license allows', () => {
  const emergency = (issued: number, until: number): Uint8Array => {
    const dated = { ...ACTIVATION, issued: date(issued), until: date(until) };
    return makeProof(LICENSE, { activation: signEmergency(dated, AGENT_SIGNING, swiftPrimitives) });
  };
  assert.is(seatWith(emergency(-1, 4)), 'held');
  assert.is(seatWith(emergency(-1, 4.001)), 'emergency-terms');
  assert.is(seatWith(emergency(-7, -2)), 'activation-expired');
});

seats.run();
