/**
 * What a vendor answers to an activation request: documents to take in as a whole or not at all, and
 * what was refused. protocol/README.md, section "Activation response".
 */

import type { SignedRequest } from './activation-request.ts';
import { equalBytes } from './bytes.ts';
import { Fields } from './fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from './ids.ts';
import {
  DOCUMENT_MAX,
  KEY_SIZE,
  LICENSE_ID_SIZE,
  NONCE_SIZE,
  RESPONSE_DOCUMENTS_MAX,
  RESPONSE_MAX,
  SENTENCE_MAX,
  WANTED_MAX,
} from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { Primitives } from './primitives.ts';
import { assert, ok, type Result } from './result.ts';
import { type DocumentFault, type SigningKeys, signDocument } from './signed-document.ts';
import { type EpochSeconds, epochSeconds } from './units.ts';
import { openVendorDocument, type VendorOrigin } from './vendor-document.ts';

/**
 * Why a license is not activated. The place is the code; append-only. `unknown-license`: the vendor
 * never issued it, or not this text of it; `agents-taken`: it is active on as many agents as it may
 * be; `suspended`, `revoked`, `superseded`, `expired`: what became of it; `other-host`: the agent's
 * keys are known from another computer; `older-request`: a later one of this agent was answered;
 * `undecided`: a person has to decide; `other`: as the sentence says.
 */
export const ACTIVATION_REFUSALS = [
  'unknown-license',
  'agents-taken',
  'suspended',
  'revoked',
  'superseded',
  'expired',
  'other-host',
  'older-request',
  'undecided',
  'other',
] as const;
export type ActivationRefusal = (typeof ACTIVATION_REFUSALS)[number];

export interface RefusedLicense {
  readonly license: LicenseId;
  readonly code: ActivationRefusal;
  /** For people: why, and what to do. 1 to 256 characters. */
  readonly sentence: string;
}

export interface ActivationResponse {
  /** Of the request. */
  readonly nonce: Uint8Array;
  /** The Ed25519 key of the agent that asked. */
  readonly signingKey: Uint8Array;
  readonly issued: EpochSeconds;
  /** Licenses, activations, standings and revocations; at most 64 (any-document.ts reads them). */
  readonly documents: readonly Uint8Array[];
  /** At most 32. */
  readonly refusals: readonly RefusedLicense[];
}

export interface SignedResponse extends VendorOrigin {
  readonly response: ActivationResponse;
  readonly bytes: Uint8Array;
}

/**
 * Signs a response with the vendor's root key, or with one certified for activations; `undefined`
 * where its documents are more than one response can hold (61,440 bytes).
 */
export const signActivationResponse = (
  response: ActivationResponse,
  keys: SigningKeys,
  primitives: Primitives,
): Uint8Array | undefined => {
  const { nonce, signingKey, issued, documents, refusals } = response;
  const isFew = documents.length <= RESPONSE_DOCUMENTS_MAX && refusals.length <= WANTED_MAX;
  assert(isFew, 'a response that nobody would read');
  if (documents.reduce((sum, { length }) => sum + length, 0) > RESPONSE_MAX) return undefined;
  const payload = pack([nonce, signingKey, issued, documents, refusals.map(refusalToValue)]);
  if (payload.length > RESPONSE_MAX) return undefined;
  const bytes = signDocument('response', payload, keys, primitives);
  return bytes.length <= RESPONSE_MAX ? bytes : undefined;
};

const refusalToValue = ({ license, code, sentence }: RefusedLicense) => [
  licenseIdToBytes(license),
  ACTIVATION_REFUSALS.indexOf(code),
  sentence,
];

/** Reads a response and checks its signature, and the chain to the vendor's root key. */
export const openActivationResponse = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedResponse, DocumentFault> => {
  const opened = openVendorDocument('response', bytes, primitives, parse);
  if (!opened.ok) return opened;
  const { content, ...origin } = opened.value;
  return ok({ ...origin, response: content });
};

const readRefusal = (fields: Fields): RefusedLicense =>
  fields.exactly((refusal) => ({
    license: licenseId(refusal.bytes(LICENSE_ID_SIZE)),
    code: ACTIVATION_REFUSALS[refusal.uint(ACTIVATION_REFUSALS.length - 1)] ?? 'other',
    sentence: refusal.text(SENTENCE_MAX, 1),
  }));

const parse = (payload: Uint8Array): ActivationResponse | undefined => {
  const fields = new Fields(unpack(payload));
  const response: ActivationResponse = {
    nonce: fields.bytes(NONCE_SIZE),
    signingKey: fields.bytes(KEY_SIZE),
    issued: epochSeconds(fields.uint()),
    documents: fields.list(RESPONSE_DOCUMENTS_MAX, (field) => field.bytesUpTo(DOCUMENT_MAX)),
    refusals: fields.list(WANTED_MAX, readRefusal),
  };
  return fields.complete ? response : undefined;
};

/** Why a response is not the answer to a request: it is for another agent, or to another request. */
export type AnswerFault = 'other-agent' | 'other-request';

/** Whether a response answers a request; `undefined` when it does. */
export const answerFault = (
  { response }: Pick<SignedResponse, 'response'>,
  { request, agent }: Pick<SignedRequest, 'request' | 'agent'>,
): AnswerFault | undefined => {
  if (!equalBytes(response.signingKey, agent.signingKey)) return 'other-agent';
  return equalBytes(response.nonce, request.nonce) ? undefined : 'other-request';
};
