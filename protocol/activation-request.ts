/**
 * What an agent asks of the vendor, signed with its own key: a file to carry, or the body of a call.
 * protocol/README.md, section "Activation request".
 */

import type { AgentKeys } from './activation.ts';
import { Fields } from './fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from './ids.ts';
import {
  HASH_SIZE,
  HOST_CODE_MAX,
  KEY_SIZE,
  LICENSE_ID_SIZE,
  NAME_MAX,
  NONCE_SIZE,
  TEXT_MAX,
  WANTED_MAX,
} from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { assert, err, ok, type Result } from './result.ts';
import { type DocumentFault, openDocument, signDocument } from './signed-document.ts';
import { type EpochSeconds, epochSeconds } from './units.ts';

/**
 * `activate`: bind these licenses to this agent; `refresh`: whatever is new of them; `return`: the
 * receipts that come along give them back. The place is the code; append-only.
 */
export const REQUEST_KINDS = ['activate', 'refresh', 'return'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export interface WantedLicense {
  readonly license: LicenseId;
  /** The hash of the license document that the agent has. */
  readonly licenseHash: Uint8Array;
}

export interface ActivationRequest {
  readonly kind: RequestKind;
  /** The agent's X25519 key. */
  readonly boxKey: Uint8Array;
  /** What tells its computer from others; opaque here, up to 145 bytes. */
  readonly host: Uint8Array;
  /** 1 to 32 licenses, each once. */
  readonly wanted: readonly WantedLicense[];
  /** 16 fresh random bytes: the response repeats them. */
  readonly nonce: Uint8Array;
  /** Grows with each request of this agent. */
  readonly number: number;
  /** By the agent's clock. */
  readonly made: EpochSeconds;
  /** Of the agent's program, up to 64 characters; for people. */
  readonly version: string;
  /** Of its computer, up to 128 characters; for people. */
  readonly hostName: string;
}

export interface SignedRequest {
  readonly request: ActivationRequest;
  readonly agent: AgentKeys;
  readonly bytes: Uint8Array;
}

/** Signs a request with the agent's `agentSigningKeys`. */
export const signActivationRequest = (
  request: ActivationRequest,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array => {
  assert(isSound(request), 'a request that nobody would read');
  const payload = pack([
    request.boxKey,
    request.host,
    request.wanted.map((one) => [licenseIdToBytes(one.license), one.licenseHash]),
    request.nonce,
    request.number,
    request.made,
    request.version,
    request.hostName,
    REQUEST_KINDS.indexOf(request.kind),
  ]);
  return signDocument('request', payload, keys, primitives);
};

/** Reads a request and checks its signature against the agent's key that it names. */
export const openActivationRequest = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedRequest, DocumentFault> => {
  const document = openDocument('request', bytes, primitives);
  if (!document.ok) return document;
  const request = parse(document.value.payload);
  if (request === undefined) return err('malformed');
  const agent = { signingKey: document.value.signer, boxKey: request.boxKey };
  return ok({ request, agent, bytes });
};

const readWanted = (fields: Fields): WantedLicense =>
  fields.exactly((wanted) => ({
    license: licenseId(wanted.bytes(LICENSE_ID_SIZE)),
    licenseHash: wanted.bytes(HASH_SIZE),
  }));

const parse = (payload: Uint8Array): ActivationRequest | undefined => {
  const fields = new Fields(unpack(payload));
  const request: ActivationRequest = {
    boxKey: fields.bytes(KEY_SIZE),
    host: fields.bytesUpTo(HOST_CODE_MAX),
    wanted: fields.list(WANTED_MAX, readWanted),
    nonce: fields.bytes(NONCE_SIZE),
    number: fields.uint(),
    made: epochSeconds(fields.uint()),
    version: fields.text(NAME_MAX),
    hostName: fields.text(TEXT_MAX),
    kind: REQUEST_KINDS[fields.uint(REQUEST_KINDS.length - 1)] ?? 'activate',
  };
  return fields.complete && isSound(request) ? request : undefined;
};

/** What the fields must say together. */
const isSound = ({ wanted }: ActivationRequest): boolean =>
  wanted.length > 0 && new Set(wanted.map(({ license }) => license)).size === wanted.length;
