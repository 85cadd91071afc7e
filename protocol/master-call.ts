/**
 * What travels between an agent and whoever answers it, a master or a parent: the body of the call
 * and, where there is no response, the reason. protocol/README.md, section "The call to a master".
 */

import { Fields } from './fields.ts';
import {
  CALL_DOCUMENTS_MAX,
  CALL_MAX,
  DOCUMENT_MAX,
  REFUSAL_TEXT_MAX,
  SENTENCE_MAX,
} from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import { assert } from './result.ts';

/** The path below the master's address, to which the body is posted. */
export const CALL_PATH = '/v1/requests';
/** The header in which each side names its version. */
export const VERSION_HEADER = 'usher-version';
/** The type of the body, and of a response. */
export const CALL_TYPE = 'application/octet-stream';

export interface MasterCall {
  /** A signed request (activation-request.ts), not yet opened. */
  readonly request: Uint8Array;
  /** Signed return receipts (return-receipt.ts) of a request of kind `return`; at most 32. */
  readonly receipts: readonly Uint8Array[];
}

/** The body of a call: at most 65,536 bytes. */
export const encodeMasterCall = ({ request, receipts }: MasterCall): Uint8Array => {
  assert(receipts.length < CALL_DOCUMENTS_MAX, 'a call that nobody would read');
  const bytes = pack([request, ...receipts]);
  assert(bytes.length <= CALL_MAX, 'a call that nobody would read');
  return bytes;
};

/** Reads the body of a call; `undefined` for anything else. Nothing in it is believed yet. */
export const decodeMasterCall = (bytes: Uint8Array): MasterCall | undefined => {
  if (bytes.length > CALL_MAX) return undefined;
  const fields = new Fields([unpack(bytes) ?? null]);
  const documents = fields.list(CALL_DOCUMENTS_MAX, (one) => one.bytesUpTo(DOCUMENT_MAX));
  const [request, ...receipts] = documents;
  return fields.valid && request !== undefined ? { request, receipts } : undefined;
};

/**
 * Why a master has no response. `bad-request`: what was posted cannot be read or is not signed;
 * `unauthorized`: the name or secret is missing or wrong; `locked-out`: too many wrong ones, wait;
 * `busy`: too many calls, wait; `older-request`: a later one of this agent was answered;
 * `unavailable`: it cannot answer now; `too-large`: more than one call may carry. Append-only.
 */
export const CALL_REFUSALS = [
  'bad-request',
  'unauthorized',
  'locked-out',
  'busy',
  'older-request',
  'unavailable',
  'too-large',
] as const;
export type CallRefusalCode = (typeof CALL_REFUSALS)[number];

export interface CallRefusal {
  readonly code: CallRefusalCode;
  /** For people: why, and what to do. 1 to 256 characters. */
  readonly sentence: string;
}

/** The JSON that goes with every status but 200. */
export const encodeCallRefusal = ({ code, sentence }: CallRefusal): string =>
  JSON.stringify({ code, sentence });

/** Reads such JSON; `undefined` for what somebody else than a master has said. */
export const decodeCallRefusal = (text: string): CallRefusal | undefined => {
  if (text.length > REFUSAL_TEXT_MAX) return undefined;
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, sentence } = value as { readonly [name: string]: unknown };
  const known = CALL_REFUSALS.find((one) => one === code);
  const words = new Fields([typeof sentence === 'string' ? sentence : null]);
  const said = words.text(SENTENCE_MAX, 1);
  return known !== undefined && words.valid ? { code: known, sentence: said } : undefined;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
