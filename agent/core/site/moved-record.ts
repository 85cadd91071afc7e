/** A lease of a dead member's that another has taken over, as the register keeps it. */

import { bytesToHex, hexToBytes } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { KEY_SIZE, SEATS_MAX, TERM_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { type Seconds, seconds } from '../../../protocol/units.ts';
import { MEMBER_ID_SIZE, type MemberId, MOVED_PREFIX } from './site-keys.ts';

const RECORD_VERSION = 1;
/** A pool's key: the names of a license and of a class, each character encoded. */
const POOL_KEY_MAX = 2048;
/** Limits of one lease; and the key of one: the text of a line and a name, each character encoded. */
export const MOVED_LIMITS_MAX = 16;
const LIMIT_KEY_MAX = 8192;

/** Which lease: who had lent it, to which client, by which of its acquires. */
export interface MovedLease {
  readonly member: MemberId;
  readonly clientKey: Uint8Array;
  readonly requestId: number;
}

export interface MovedRecord {
  readonly adopter: MemberId;
  readonly poolKey: string;
  readonly seats: number;
  /** Of the acquire by which the client has it at the adopter. */
  readonly requestId: number;
  /** The longest term that the dead one lent for. */
  readonly longest: Seconds;
  /** The limits under which its seats were counted, whose shares have moved with it. */
  readonly limits: readonly string[];
}

/** Whoever writes it first has taken the lease over. */
export const movedKey = ({ member, clientKey, requestId }: MovedLease): string =>
  `${MOVED_PREFIX}${member}/${bytesToHex(clientKey)}/${requestId}`;

export const readMovedKey = (key: string): MovedLease | undefined => {
  const [, member = '', client = '', id = ''] = key.split('/');
  const clientKey = hexToBytes(client);
  const requestId = Number(id);
  if (clientKey?.length !== KEY_SIZE || !Number.isSafeInteger(requestId)) return undefined;
  return { member, clientKey, requestId };
};

export const encodeMoved = (record: MovedRecord): Uint8Array => {
  const { adopter, poolKey, seats, requestId, longest, limits } = record;
  return pack([RECORD_VERSION, adopter, poolKey, seats, requestId, longest, [...limits]]);
};

/** The record in a value of the register; later versions may say more. */
export const decodeMoved = (value: Uint8Array): MovedRecord | undefined => {
  const fields = new Fields(unpack(value));
  fields.uint();
  const record = {
    adopter: fields.text(MEMBER_ID_SIZE, 1),
    poolKey: fields.text(POOL_KEY_MAX, 1),
    seats: fields.uint(SEATS_MAX),
    requestId: fields.uint(),
    longest: seconds(fields.uint(TERM_MAX)),
    limits: fields.appended(readLimits) ?? [],
  };
  return fields.valid ? record : undefined;
};

const readLimits = (fields: Fields): readonly string[] =>
  fields.list(MOVED_LIMITS_MAX, (field) => field.text(LIMIT_KEY_MAX, 1));
