/** Proofs of licenses, believed and not. */

import { signActivation, signEmergency } from '../../protocol/activation.ts';
import { bytesToHex, concatBytes } from '../../protocol/bytes.ts';
import { licenseId } from '../../protocol/ids.ts';
import type { License } from '../../protocol/license.ts';
import { pack } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { makeProof, type ProofDocuments, type ProofFault } from '../../protocol/proof.ts';
import { signRevocations } from '../../protocol/revocations.ts';
import { hashDocument, type SigningKeys } from '../../protocol/signed-document.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import {
  AGENT_SIGNING_KEYS,
  BOUND_LICENSE,
  certified,
  day,
  ISSUER_KEYS,
} from './activation-keys.ts';
import { BELIEVED_CHILDREN, DISBELIEVED_CHILDREN, type Shown } from './child-proofs.ts';
import { ACTIVATION, BOUND_BYTES, EMERGENCY } from './documents.ts';
import {
  AGENT_KEYS,
  fixedBytes,
  type Json,
  LICENSE_BYTES,
  LICENSE_ID,
  VENDOR_KEYS,
  type VectorFile,
} from './fixed.ts';

const STRANGER = primitives.signingKeys(fixedBytes('other vendor', 32));
const OTHER_AGENT = primitives.agreementKeys(fixedBytes('other agent', 32)).publicKey;

const activation = (changes: Partial<typeof ACTIVATION> = {}, keys: SigningKeys = VENDOR_KEYS) =>
  signActivation({ ...ACTIVATION, ...changes }, keys, primitives);

const emergency = (changes: Partial<typeof EMERGENCY> = {}) =>
  signEmergency({ ...EMERGENCY, ...changes }, AGENT_SIGNING_KEYS, primitives);

const licenseOf = (terms: Partial<License>, keys: SigningKeys = VENDOR_KEYS): Uint8Array =>
  signLicense({ ...BOUND_LICENSE, ...terms }, LICENSE_ID, keys, primitives);

/** A license by a certified key, with its activation by the same. */
const chained = (keys: SigningKeys, documents: ProofDocuments = {}): Uint8Array => {
  const license = licenseOf({}, keys);
  const licenseHash = hashDocument(license, primitives);
  return makeProof(license, { activation: activation({ licenseHash }, keys), ...documents });
};

/** What the page shows: a chain of three, and its links. */
export const exampleProof = () => {
  const keys = certified();
  const license = licenseOf({}, keys);
  const licenseHash = hashDocument(license, primitives);
  const made = activation({ licenseHash }, keys);
  return {
    proof: makeProof(license, { activation: made }),
    certificate: keys.certificate ?? new Uint8Array(),
    license,
    activation: made,
  };
};

const revoke = (keys: readonly Uint8Array[], root: SigningKeys = VENDOR_KEYS): Uint8Array =>
  signRevocations({ issued: day(2), number: 1, keys }, root, primitives);

const bound = (made: Uint8Array): Uint8Array => makeProof(BOUND_BYTES, { activation: made });

/** With a license that differs so, and its emergency. */
const emergencyUnder = (terms: Partial<License>): Uint8Array => {
  const license = licenseOf(terms);
  const licenseHash = hashDocument(license, primitives);
  return makeProof(license, { activation: emergency({ licenseHash }) });
};

const TERMS = BOUND_LICENSE.activation;

const BELIEVED: Readonly<Record<string, Shown>> = {
  'a license that needs no activation': { proof: makeProof(LICENSE_BYTES) },
  'a license with its activation': { proof: bound(activation()) },
  'in the grace of its activation': { proof: bound(activation()), wall: day(104) },
  'a day after that, by a calendar that may be wrong': {
    proof: bound(activation()),
    wall: day(105.9),
  },
  'with revocations of no key': { proof: makeProof(LICENSE_BYTES, { revocations: revoke([]) }) },
  'by a certified key': { proof: chained(certified()) },
  'by a certified key that is not among the revoked ones': {
    proof: chained(certified(), { revocations: revoke([STRANGER.publicKey]) }),
  },
  'an activation by a certified key, of a license by the root key': {
    proof: bound(activation({}, certified())),
  },
  'in an emergency': { proof: bound(emergency()), wall: day(7) },
  ...BELIEVED_CHILDREN,
};

const DISBELIEVED: readonly (readonly [string, ProofFault, Shown])[] = [
  ['nothing', 'forged', { proof: new Uint8Array(0) }],
  ['no document', 'forged', { proof: pack([]) }],
  ['the license alone, in no array', 'forged', { proof: LICENSE_BYTES }],
  ['cut short', 'forged', { proof: bound(activation()).slice(0, -1) }],
  [
    'a byte after it',
    'forged',
    { proof: concatBytes(makeProof(LICENSE_BYTES), new Uint8Array(1)) },
  ],
  ['a license twice', 'forged', { proof: pack([LICENSE_BYTES, LICENSE_BYTES]) }],
  ['an activation first', 'forged', { proof: pack([activation(), BOUND_BYTES]) }],
  ['nine documents', 'forged', { proof: pack(Array.from({ length: 9 }, () => LICENSE_BYTES)) }],
  [
    'more than 32,768 bytes',
    'forged',
    { proof: pack([LICENSE_BYTES, new Uint8Array(16_384), new Uint8Array(16_384)]) },
  ],
  ['an empty document', 'forged', { proof: pack([LICENSE_BYTES, new Uint8Array(0)]) }],
  [
    'a document of no known kind',
    'forged',
    { proof: pack([LICENSE_BYTES, pack(['usher-later', 1])]) },
  ],
  ['revocations alone', 'forged', { proof: pack([revoke([])]) }],
  ['revocations twice', 'forged', { proof: pack([LICENSE_BYTES, revoke([]), revoke([])]) }],
  [
    'revocations before the activation',
    'forged',
    { proof: pack([BOUND_BYTES, revoke([]), activation()]) },
  ],
  [
    'a license of a newer format',
    'newer-format',
    { proof: pack([pack(['usher-license', 3, 'of another shape'])]) },
  ],
  [
    'revocations of a newer format',
    'newer-format',
    { proof: pack([LICENSE_BYTES, pack(['usher-revocations', 2])]) },
  ],
  ['two activations', 'forged', { proof: pack([BOUND_BYTES, activation(), emergency()]) }],
  [
    'an activation that is not asked for',
    'forged',
    { proof: makeProof(LICENSE_BYTES, { activation: activation() }) },
  ],
  [
    'another vendor',
    'other-vendor',
    { proof: makeProof(licenseOf({ activation: null }, STRANGER)) },
  ],
  ['without its activation', 'not-activated', { proof: makeProof(BOUND_BYTES) }],
  ['activated by another vendor', 'forged', { proof: bound(activation({}, STRANGER)) }],
  [
    'activated for another agent',
    'other-agent',
    {
      proof: bound(activation({ agent: { ...ACTIVATION.agent, boxKey: OTHER_AGENT } })),
    },
  ],
  [
    'activation of another license',
    'other-license',
    { proof: bound(activation({ license: licenseId(fixedBytes('first', 16)) })) },
  ],
  [
    'activation of another text of the license',
    'other-license',
    { proof: bound(activation({ licenseHash: fixedBytes('document hash', 32) })) },
  ],
  [
    'activation that has ended, and its grace',
    'activation-expired',
    { proof: bound(activation()), wall: day(106) },
  ],
  ['emergency that has ended', 'activation-expired', { proof: bound(emergency()), wall: day(9) }],
  [
    'emergency that the license does not allow',
    'emergency-terms',
    { proof: emergencyUnder({ activation: TERMS && { ...TERMS, emergency: null } }) },
  ],
  [
    'emergency of six days',
    'emergency-terms',
    { proof: bound(emergency({ until: day(9) })), wall: day(4) },
  ],
  [
    'emergency before the license',
    'emergency-terms',
    { proof: bound(emergency({ issued: day(-2), until: day(3) })), wall: day(1) },
  ],
  [
    'emergency after its window',
    'emergency-terms',
    { proof: bound(emergency({ issued: day(30), until: day(35) })), wall: day(31) },
  ],
  [
    'emergency that begins later',
    'emergency-terms',
    { proof: bound(emergency({ issued: day(6), until: day(11) })), wall: day(4) },
  ],
  [
    'license by a key for activations only',
    'certificate-use',
    { proof: chained(certified({ uses: ['activations'] })) },
  ],
  [
    'activation by a key for licenses only',
    'certificate-use',
    { proof: bound(activation({}, certified({ uses: ['licenses'] }))) },
  ],
  [
    'license issued after the certificate',
    'certificate-date',
    { proof: chained(certified({ ends: day(0) })) },
  ],
  [
    'activation issued after the certificate',
    'certificate-date',
    { proof: bound(activation({}, certified({ ends: day(1) }))) },
  ],
  [
    'license by a revoked key',
    'revoked-key',
    { proof: chained(certified(), { revocations: revoke([ISSUER_KEYS.publicKey]) }) },
  ],
  [
    'activation by a revoked key',
    'revoked-key',
    {
      proof: makeProof(BOUND_BYTES, {
        activation: activation({}, certified()),
        revocations: revoke([STRANGER.publicKey, ISSUER_KEYS.publicKey]),
      }),
    },
  ],
  [
    'revocations of another vendor',
    'forged',
    { proof: makeProof(LICENSE_BYTES, { revocations: revoke([], STRANGER) }) },
  ],
  ['a license that starts later', 'pending', { proof: makeProof(LICENSE_BYTES), wall: day(-2) }],
  ['a license that has expired', 'expired', { proof: makeProof(LICENSE_BYTES), wall: day(367) }],
  ...DISBELIEVED_CHILDREN,
];

const toJson = ({
  proof,
  wall = day(4),
  agentKey = AGENT_KEYS.publicKey,
}: Shown): Readonly<Record<string, Json>> => ({
  vendorKey: bytesToHex(VENDOR_KEYS.publicKey),
  agentKey: bytesToHex(agentKey),
  wall,
  proof: bytesToHex(proof),
  hash: bytesToHex(hashDocument(proof, primitives)),
});

/** `proofs.json`. */
export const proofVectors = (): VectorFile => ({
  about:
    'Proofs as the agent with "agentKey" shows them on the date "wall". "fault" is why one is not believed.',
  valid: Object.entries(BELIEVED).map(([name, shown]) => ({ name, ...toJson(shown) })),
  invalid: DISBELIEVED.map(([reason, fault, shown]) => ({ reason, fault, ...toJson(shown) })),
});
