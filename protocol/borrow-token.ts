/**
 * The token of a borrowed seat: a document that an agent signs, so that the seat is believed for
 * days with no agent in reach. protocol/README.md, section "Borrow token".
 */

import { concatBytes, utf8ToBytes } from './bytes.ts';
import { Fields } from './fields.ts';
import { foldCase } from './fold-case.ts';
import { HOST_CODE_MAX, KEY_SIZE, NAME_MAX, PARTS_MAX, PIECE_MAX } from './limits.ts';
import { pack, unpack, type Value } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { partToValue, readPartFields, type SeatPart } from './replies.ts';
import { assert, err, ok, type Result } from './result.ts';
import { type DocumentFault, openDocument, signDocument } from './signed-document.ts';
import { type EpochSeconds, epochSeconds } from './units.ts';

export interface BorrowToken {
  /** The X25519 key of the session that borrowed: the name of its lease, and who may return it. */
  readonly clientKey: Uint8Array;
  readonly product: string;
  /** `resourceMark` of the database or project that it is for; `null` for none. */
  readonly resource: Uint8Array | null;
  /** The seats and the licenses that they are of; 1 to 8. */
  readonly parts: readonly SeatPart[];
  /** The only computer on which it is believed (host-code.ts), as that computer named itself. */
  readonly hostCode: Uint8Array;
  readonly from: EpochSeconds;
  /** It is believed before this date; later than `from`. */
  readonly until: EpochSeconds;
  /** For people. Up to 64 UTF-16 units; signing shortens one of more than 96 bytes. */
  readonly agentName: string;
  /** The agent's X25519 key: to whom the seat is returned, wherever it is by then. */
  readonly agentKey: Uint8Array;
}

export interface SignedBorrowToken {
  readonly token: BorrowToken;
  /** The agent's Ed25519 key; whether to trust it is the reader's decision. */
  readonly signer: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Bytes of UTF-8: with every other field at its longest, the document is one piece. */
const AGENT_NAME_BYTES_MAX = 96;
/** Bytes of hash that stand for the name of a resource. */
const RESOURCE_MARK_SIZE = 16;

/**
 * The Ed25519 keys that an agent signs with, made from its X25519 secret: one secret to keep, and
 * no use of the one key says anything about the other.
 */
export const agentSigningKeys = (secret: Uint8Array, primitives: Primitives): KeyPair => {
  let made: KeyPair | undefined;
  const make = (): KeyPair => {
    const context = utf8ToBytes('usher agent signing key\0');
    const digest = primitives.sha512Secret(concatBytes(context, secret));
    made = primitives.signingKeys(digest.slice(0, KEY_SIZE));
    return made;
  };
  // Made when something is first signed with them: an agent that starts has no time for it.
  return {
    get publicKey() {
      return (made ?? make()).publicKey;
    },
    get secretKey() {
      return (made ?? make()).secretKey;
    },
  };
};

/**
 * What stands for a resource in a token, in either case of its letters: names are too long for one
 * piece, and a license of any resource (`*`) does not say for which one the administrator chose it.
 */
export const resourceMark = (name: string, sha512: Primitives['sha512']): Uint8Array =>
  sha512(utf8ToBytes(`usher resource\0${foldCase(name)}`)).slice(0, RESOURCE_MARK_SIZE);

/** Signs a token with the agent's `agentSigningKeys`. At most 1,024 bytes: it fits one reply. */
export const signBorrowToken = (
  token: BorrowToken,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array => {
  assert(isSound(token), 'a token that nobody would read');
  const bytes = signDocument('borrowing', pack(tokenToValue(token)), keys, primitives);
  assert(bytes.length <= PIECE_MAX, 'a token longer than a piece');
  return bytes;
};

const tokenToValue = (token: BorrowToken): Value => [
  token.clientKey,
  token.product,
  token.resource,
  token.parts.map(partToValue),
  token.hostCode,
  token.from,
  token.until,
  shorten(token.agentName),
  token.agentKey,
];

/** As many whole characters as fit. */
const shorten = (name: string): string => {
  let bytes = 0;
  let short = '';
  for (const character of name) {
    bytes += utf8ToBytes(character).length;
    if (bytes > AGENT_NAME_BYTES_MAX) break;
    short += character;
  }
  return short;
};

/** Reads a token and checks its signature against the key it names. */
export const openBorrowToken = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedBorrowToken, DocumentFault> => {
  if (bytes.length > PIECE_MAX) return err('malformed');
  const document = openDocument('borrowing', bytes, primitives);
  if (!document.ok) return document;
  const token = parseToken(document.value.payload);
  if (token === undefined) return err('malformed');
  return ok({ token, signer: document.value.signer, bytes: document.value.bytes });
};

const parseToken = (payload: Uint8Array): BorrowToken | undefined => {
  const fields = new Fields(unpack(payload));
  const token: BorrowToken = {
    clientKey: fields.bytes(KEY_SIZE),
    product: fields.text(NAME_MAX, 1),
    resource: fields.optional((field) => field.bytes(RESOURCE_MARK_SIZE)),
    parts: fields.list(PARTS_MAX, (field) => field.exactly(readPartFields)),
    hostCode: fields.bytesUpTo(HOST_CODE_MAX),
    from: epochSeconds(fields.uint()),
    until: epochSeconds(fields.uint()),
    agentName: fields.text(NAME_MAX),
    agentKey: fields.bytes(KEY_SIZE),
  };
  return fields.complete && isSound(token) ? token : undefined;
};

/** What the fields must say together. */
const isSound = ({ parts, from, until }: BorrowToken): boolean => parts.length > 0 && from < until;
