/** What is kept on disk of a borrowed seat, as bytes: bounded, of one reading, and checked. */

import { concatBytes, equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import { Fields } from '../fields.ts';
import { KEY_SIZE, NAME_MAX, PARTS_MAX, PIECE_MAX, PROOF_MAX } from '../limits.ts';
import { pack, unpack, type Value } from '../msgpack.ts';
import type { Primitives } from '../primitives.ts';
import { assert, err, ok, type Result } from '../result.ts';
import { epochSeconds } from '../units.ts';
import type { Borrowing } from './borrowed-seat.ts';

/**
 * `asking`: not borrowed yet, or the answer was never heard; `borrowed`: to be judged;
 * `returning`: nobody believes in it any more, and its agent is to be told so.
 */
export const BORROW_STATES = ['asking', 'borrowed', 'returning'] as const;
export type BorrowState = (typeof BORROW_STATES)[number];

export interface BorrowRecord {
  readonly state: BorrowState;
  readonly product: string;
  /** The X25519 secret of the session that borrowed: it alone may extend and return the seat. */
  readonly secret: Uint8Array;
  /**
   * How often the session was taken up again, 0 to 4,095. Raised and on disk before each time:
   * datagrams are numbered from there, so that no number is used twice under one key.
   */
  readonly resumes: number;
  readonly agent: {
    readonly name: string;
    /** Its X25519 key. */
    readonly key: Uint8Array;
    /** Where it was last. */
    readonly endpoint: Endpoint;
  };
  /** `null` until there is a token. */
  readonly borrowing: Borrowing | null;
}

export const RESUMES_MAX = 4095;

/** Bytes of a file: the proofs of eight licenses and what is around them. */
export const RECORD_MAX = 288 * 1024;

const NAME = 'usher-borrowed-seat';
const VERSION = 1;
const CHECK_SIZE = 16;
const ADDRESS_MAX = 64;

type Sha512 = Primitives['sha512'];

const checkOf = (body: Uint8Array, sha512: Sha512): Uint8Array => sha512(body).slice(0, CHECK_SIZE);

/** The record's array with the start of its hash behind it. */
export const packBorrowRecord = (record: BorrowRecord, sha512: Sha512): Uint8Array => {
  const { agent, borrowing } = record;
  const body = pack([
    NAME,
    VERSION,
    BORROW_STATES.indexOf(record.state),
    record.product,
    record.secret,
    record.resumes,
    [agent.name, agent.key, agent.endpoint.address, agent.endpoint.port],
    borrowing === null ? null : borrowingToValue(borrowing),
  ]);
  const bytes = concatBytes(body, checkOf(body, sha512));
  assert(bytes.length <= RECORD_MAX, 'a borrowed seat longer than its file may be');
  return bytes;
};

const borrowingToValue = (borrowing: Borrowing): Value => [
  borrowing.token,
  borrowing.signer,
  borrowing.proofs,
  borrowing.askedAt,
  borrowing.seenAt,
];

/** Why a file is not read: `damaged`, or `newer-format` when a later Usher wrote it. */
export type RecordFault = 'damaged' | 'newer-format';

export const parseBorrowRecord = (
  bytes: Uint8Array,
  sha512: Sha512,
): Result<BorrowRecord, RecordFault> => {
  if (bytes.length > RECORD_MAX) return err('damaged');
  const body = bytes.slice(0, Math.max(0, bytes.length - CHECK_SIZE));
  if (!equalBytes(bytes.subarray(body.length), checkOf(body, sha512))) return err('damaged');
  const fields = new Fields(unpack(body));
  const name = fields.text(NAME_MAX);
  const version = fields.uint();
  if (!fields.valid || name !== NAME) return err('damaged');
  if (version > VERSION) return err('newer-format');
  const record = readRecord(fields);
  const isWhole = record.state !== 'borrowed' || record.borrowing !== null;
  return fields.complete && isWhole ? ok(record) : err('damaged');
};

const readRecord = (fields: Fields): BorrowRecord => ({
  state: BORROW_STATES[fields.uint(BORROW_STATES.length - 1)] ?? 'returning',
  product: fields.text(NAME_MAX, 1),
  secret: fields.bytes(KEY_SIZE),
  resumes: fields.uint(RESUMES_MAX),
  agent: fields.exactly((agent) => ({
    name: agent.text(NAME_MAX),
    key: agent.bytes(KEY_SIZE),
    endpoint: { address: agent.text(ADDRESS_MAX), port: agent.uint(65_535) },
  })),
  borrowing: fields.optional(readBorrowing),
});

const readBorrowing = (fields: Fields): Borrowing =>
  fields.exactly((borrowing) => ({
    token: borrowing.bytesUpTo(PIECE_MAX),
    signer: borrowing.bytes(KEY_SIZE),
    proofs: borrowing.list(PARTS_MAX, (field) => field.bytesUpTo(PROOF_MAX)),
    askedAt: epochSeconds(borrowing.uint()),
    seenAt: epochSeconds(borrowing.uint()),
  }));
