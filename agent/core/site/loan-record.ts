/** A borrowed seat, as the register keeps it: it outlives the member that has lent it. */

import { bytesToHex, hexToBytes } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { type Holder, holderToValue, readHolder } from '../../../protocol/holder.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import {
  HOST_CODE_MAX,
  KEY_SIZE,
  NAME_MAX,
  PARTS_MAX,
  SEATS_MAX,
} from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { Borrowing, RecordPart } from '../seats/lease-record.ts';
import { BORROWED_PREFIX, MEMBER_ID_SIZE, type MemberId } from './site-keys.ts';

const RECORD_VERSION = 1;
const ADDRESS_MAX = 64;

export interface LoanRecord {
  /** Who has signed its token. */
  readonly member: MemberId;
  /** Of the acquire that its lease was made by: with the client's key it tells the lease. */
  readonly requestId: number;
  /** The pools that its seats were taken from: none once it was given back to another member. */
  readonly parts: readonly RecordPart[];
  readonly product: string;
  /** The class that was asked for. */
  readonly asked: string;
  readonly holder: Holder;
  readonly address: string | null;
  readonly borrowing: Borrowing;
  /** It counts until then, and the margin: no sooner than its token ends, and what was renewed. */
  readonly counts: EpochSeconds;
  /** The highest id that its client had used by then: a release with none higher was sent before. */
  readonly lastId: number;
}

export const loanKey = (clientKey: Uint8Array): string => BORROWED_PREFIX + bytesToHex(clientKey);

/** The key of the client that has borrowed; `undefined` where the register's key is none of these. */
export const clientOfLoan = (key: string): Uint8Array | undefined => {
  const clientKey = hexToBytes(key.slice(BORROWED_PREFIX.length));
  return clientKey?.length === KEY_SIZE ? clientKey : undefined;
};

export const encodeLoan = (loan: LoanRecord): Uint8Array => {
  const { from, until, hostCode } = loan.borrowing;
  return pack([
    RECORD_VERSION,
    loan.member,
    loan.requestId,
    loan.parts.map((part) => [part.licenseId, part.class, part.seats]),
    loan.product,
    loan.asked,
    holderToValue(loan.holder),
    loan.address,
    from,
    until,
    hostCode,
    loan.counts,
    loan.lastId,
  ]);
};

const readPart = (fields: Fields): RecordPart =>
  fields.exactly((part) => ({
    licenseId: part.text(NAME_MAX, 1) as LicenseId,
    class: part.text(NAME_MAX, 1),
    seats: part.uint(SEATS_MAX),
  }));

/** The record in a value of the register; later versions may say more. */
export const decodeLoan = (value: Uint8Array): LoanRecord | undefined => {
  const fields = new Fields(unpack(value));
  fields.uint();
  const loan = {
    member: fields.text(MEMBER_ID_SIZE, 1),
    requestId: fields.uint(),
    parts: fields.list(PARTS_MAX, readPart),
    product: fields.text(NAME_MAX, 1),
    asked: fields.text(NAME_MAX, 1),
    holder: readHolder(fields),
    address: fields.optional((field) => field.text(ADDRESS_MAX)),
    borrowing: {
      from: epochSeconds(fields.uint()),
      until: epochSeconds(fields.uint()),
      // It outlives the step in which it was read.
      hostCode: fields.bytesUpTo(HOST_CODE_MAX).slice(),
    },
    counts: epochSeconds(fields.uint()),
    lastId: fields.uint(),
  };
  return fields.valid ? loan : undefined;
};

/** What a claim takes up of each pool. */
export const partsOf = (
  parts: readonly {
    readonly pool: { readonly counting: Pick<RecordPart, 'licenseId' | 'class'> };
    readonly seats: number;
  }[],
): readonly RecordPart[] =>
  parts.flatMap(({ pool: { counting }, seats }) => {
    const { licenseId, class: className } = counting;
    return seats === 0 ? [] : [{ licenseId, class: className, seats }];
  });
