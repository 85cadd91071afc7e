/** The documents of activation and of issuing keys, valid and not. */

import { type Activation, signActivation, signEmergency } from '../../protocol/activation.ts';
import {
  type ActivationRequest,
  signActivationRequest,
} from '../../protocol/activation-request.ts';
import {
  type ActivationResponse,
  signActivationResponse,
} from '../../protocol/activation-response.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import { signCertificate } from '../../protocol/certificate.ts';
import { licenseId } from '../../protocol/ids.ts';
import { unpack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { assert } from '../../protocol/result.ts';
import { signReceipt } from '../../protocol/return-receipt.ts';
import { signRevocations } from '../../protocol/revocations.ts';
import { type DocumentKind, hashDocument } from '../../protocol/signed-document.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import { signStanding, type VendorStanding } from '../../protocol/standing.ts';
import {
  AGENT_SIGNING_KEYS,
  BOUND_LICENSE,
  CERTIFICATE,
  certified,
  day,
  ISSUER_KEYS,
  type NamedDocument,
} from './activation-keys.ts';
import { badDocuments } from './bad-documents.ts';
import { child, OFFLINE_CHILD } from './children.ts';
import {
  AGENT_KEYS,
  fixedBytes,
  HOST_CODE,
  ISSUED,
  type Json,
  LICENSE,
  LICENSE_ID,
  VENDOR_KEYS,
  type VectorFile,
  valueToJson,
} from './fixed.ts';

const ID = licenseId(LICENSE_ID);
export const BOUND_BYTES = signLicense(BOUND_LICENSE, LICENSE_ID, VENDOR_KEYS, primitives);
const LICENSE_HASH = hashDocument(BOUND_BYTES, primitives);

/** Of the license above, for the agent of keys.json, for ninety days. */
export const ACTIVATION: Omit<Activation, 'kind'> = {
  license: ID,
  licenseHash: LICENSE_HASH,
  agent: { signingKey: AGENT_SIGNING_KEYS.publicKey, boxKey: AGENT_KEYS.publicKey },
  host: HOST_CODE,
  number: 1,
  issued: day(1),
  until: day(91),
  nonce: fixedBytes('request nonce', 16),
};

/** Begun on the third day, for five. */
export const EMERGENCY: Omit<Activation, 'kind' | 'number' | 'nonce'> = {
  ...ACTIVATION,
  issued: day(3),
  until: day(8),
};

const REQUEST: ActivationRequest = {
  kind: 'activate',
  boxKey: AGENT_KEYS.publicKey,
  host: HOST_CODE,
  wanted: [{ license: ID, licenseHash: LICENSE_HASH }],
  nonce: fixedBytes('request nonce', 16),
  number: 1,
  made: day(1),
  version: '0.1.0',
  hostName: 'licenses-1',
};

const ACTIVATION_BYTES = signActivation(ACTIVATION, VENDOR_KEYS, primitives);

const RESPONSE: ActivationResponse = {
  nonce: REQUEST.nonce,
  signingKey: AGENT_SIGNING_KEYS.publicKey,
  issued: day(1),
  documents: [ACTIVATION_BYTES],
  refusals: [],
};

const STANDING: VendorStanding = {
  license: ID,
  number: 2,
  state: 'suspended',
  agent: null,
  issued: day(5),
  reason: 'The invoice is open.',
};

const respond = (response: ActivationResponse): Uint8Array => {
  const bytes = signActivationResponse(response, VENDOR_KEYS, primitives);
  assert(bytes !== undefined, 'a response that fits');
  return bytes;
};

const request = (changes: Partial<ActivationRequest> = {}): Uint8Array =>
  signActivationRequest({ ...REQUEST, ...changes }, AGENT_SIGNING_KEYS, primitives);

const standing = (changes: Partial<VendorStanding> = {}, keys = VENDOR_KEYS): Uint8Array =>
  signStanding({ ...STANDING, ...changes }, keys, primitives);

const otherKeys = Array.from({ length: 64 }, (_, i) => fixedBytes(`revoked ${i}`, 32));

const VALID: Readonly<Partial<Record<DocumentKind, Readonly<Record<string, Uint8Array>>>>> = {
  certificate: {
    'of a key for everything, for a year': signCertificate(CERTIFICATE, VENDOR_KEYS, primitives),
    'of a key for standings': signCertificate(
      { ...CERTIFICATE, uses: ['standings'], number: 2 },
      VENDOR_KEYS,
      primitives,
    ),
  },
  revocations: {
    'of no key': signRevocations({ issued: ISSUED, number: 1, keys: [] }, VENDOR_KEYS, primitives),
    'of the issuing key': signRevocations(
      { issued: day(20), number: 2, keys: [ISSUER_KEYS.publicKey] },
      VENDOR_KEYS,
      primitives,
    ),
    'of 64 keys': signRevocations(
      { issued: day(20), number: 3, keys: otherKeys },
      VENDOR_KEYS,
      primitives,
    ),
  },
  license: {
    'to be activated': BOUND_BYTES,
    'signed with a certified key': signLicense(LICENSE, LICENSE_ID, certified(), primitives),
  },
  activation: {
    'for ninety days, as was asked': ACTIVATION_BYTES,
    'for ever, unasked': signActivation(
      { ...ACTIVATION, until: null, nonce: null },
      VENDOR_KEYS,
      primitives,
    ),
    'signed with a certified key': signActivation(ACTIVATION, certified(), primitives),
    'an emergency of five days': signEmergency(EMERGENCY, AGENT_SIGNING_KEYS, primitives),
  },
  request: {
    'to activate one license': request(),
    'to refresh 32, without names': request({
      kind: 'refresh',
      wanted: Array.from({ length: 32 }, (_, i) => ({
        license: licenseId(fixedBytes(`wanted ${i}`, 16)),
        licenseHash: fixedBytes(`wanted hash ${i}`, 32),
      })),
      version: '',
      hostName: '',
    }),
    'to return': request({ kind: 'return', number: 3 }),
  },
  response: {
    'with an activation': respond(RESPONSE),
    'with a license, an activation and a standing': respond({
      ...RESPONSE,
      documents: [BOUND_BYTES, ACTIVATION_BYTES, standing({ state: 'active', reason: '' })],
    }),
    'with a refusal': respond({
      ...RESPONSE,
      documents: [],
      refusals: [{ license: ID, code: 'agents-taken', sentence: 'It is active on licenses-2.' }],
    }),
  },
  standing: {
    suspended: standing(),
    revoked: standing({ state: 'revoked', number: 4 }),
    'freed from an agent': standing({ state: 'freed', agent: AGENT_SIGNING_KEYS.publicKey }),
    'signed with a certified key': standing({}, certified()),
  },
  child: {
    'of an agent, for another': child(),
    'before it is active': child({ agent: null, number: 1 }),
    'for one computer, never calling': child(OFFLINE_CHILD),
    suspended: child({ state: 'suspended', number: 4 }),
  },
  receipt: {
    'of an activation': signReceipt(
      {
        license: ID,
        activationHash: hashDocument(ACTIVATION_BYTES, primitives),
        nonce: fixedBytes('receipt nonce', 16),
        made: day(40),
      },
      AGENT_SIGNING_KEYS,
      primitives,
    ),
  },
};

/** Every valid document. */
const goodDocuments = (): readonly NamedDocument[] =>
  (Object.keys(VALID) as DocumentKind[]).flatMap((kind) =>
    Object.entries(VALID[kind] ?? {}).map(([name, bytes]) => ({ kind, name, bytes })),
  );

const toJson = ({ kind, name, bytes }: NamedDocument): Json => {
  const [, , signer, payload] = unpack(bytes) as readonly Value[];
  return {
    kind,
    name,
    signer: bytesToHex(signer as Uint8Array),
    payload: valueToJson(unpack(payload as Uint8Array) ?? null),
    document: bytesToHex(bytes),
    hash: bytesToHex(hashDocument(bytes, primitives)),
  };
};

/** `documents.json`. */
export const documentVectors = (): VectorFile => ({
  about:
    'Documents of activation by the keys of keys.json. "signer" is a key, or the certificate of one.',
  valid: goodDocuments().map(toJson),
  invalid: badDocuments(goodDocuments()).map(({ kind, reason, fault, bytes }) => ({
    kind,
    reason,
    fault,
    document: bytesToHex(bytes),
  })),
});
