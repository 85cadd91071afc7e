/** What the store keeps of leases and licenses: keys and values, and their reading back. */

import { bytesToHex } from '../../../protocol/bytes.ts';
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
import { pack, unpack, type Value } from '../../../protocol/msgpack.ts';
import { REFUSALS, type RefusalCode, refusalByNumber } from '../../../protocol/refusal.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../../protocol/units.ts';

export const LEASE_PREFIX = 'lease/';
export const LICENSE_PREFIX = 'license/';

const RECORD_VERSION = 2;
/** Characters in what names those who share a seat: five texts of a request, quoted. */
const SHARE_MAX = 2048;

/** Seats of one pool that the lease has. */
export interface RecordPart {
  readonly licenseId: LicenseId;
  readonly class: string;
  readonly seats: number;
}

/** A seat taken along: until when, since when, and on which computer. */
export interface Borrowing {
  readonly from: EpochSeconds;
  readonly until: EpochSeconds;
  readonly hostCode: Uint8Array;
}

export interface LeaseRecord {
  /** The client's X25519 key: who may renew and release it. */
  readonly clientKey: Uint8Array;
  /** The id of the acquire that made it. */
  readonly requestId: number;
  readonly product: string;
  readonly parts: readonly RecordPart[];
  /** The class that was asked for, which a generic seat may serve. */
  readonly asked: string;
  readonly overdraft: boolean;
  /** Who shares the seat (seat-claims.ts), if anybody does. */
  readonly share: string | undefined;
  readonly term: Seconds;
  readonly granted: EpochSeconds;
  readonly holder: Holder;
  /** Why it is not renewed any more; a restart does not forget what an administrator decided. */
  readonly ending: RefusalCode | undefined;
  readonly borrowing: Borrowing | undefined;
}

export const leaseStoreKey = (clientKey: Uint8Array): string =>
  LEASE_PREFIX + bytesToHex(clientKey);

export const licenseStoreKey = (id: LicenseId): string => LICENSE_PREFIX + id;

export const encodeLeaseRecord = (record: LeaseRecord): Uint8Array =>
  pack([
    RECORD_VERSION,
    record.clientKey,
    record.requestId,
    record.product,
    record.parts.map((part) => [part.licenseId, part.class, part.seats]),
    record.asked,
    record.overdraft,
    record.share ?? null,
    record.term,
    record.granted,
    holderToValue(record.holder),
    record.ending === undefined ? null : REFUSALS[record.ending].number,
    borrowingToValue(record.borrowing),
  ]);

const borrowingToValue = (borrowing: Borrowing | undefined): Value =>
  borrowing === undefined ? null : [borrowing.from, borrowing.until, borrowing.hostCode];

const readPart = (fields: Fields): RecordPart =>
  fields.exactly((part) => ({
    licenseId: part.text(NAME_MAX, 1) as LicenseId,
    class: part.text(NAME_MAX, 1),
    seats: part.uint(SEATS_MAX),
  }));

const readBorrowing = (fields: Fields): Borrowing =>
  fields.exactly((borrowing) => ({
    from: epochSeconds(borrowing.uint()),
    until: epochSeconds(borrowing.uint()),
    // It outlives the step in which it was read.
    hostCode: borrowing.bytesUpTo(HOST_CODE_MAX).slice(),
  }));

/** The lease in a stored value, or `undefined` when the store has been damaged. */
export const decodeLeaseRecord = (value: Uint8Array): LeaseRecord | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const record = {
    clientKey: fields.bytes(KEY_SIZE),
    requestId: fields.uint(),
    product: fields.text(NAME_MAX, 1),
    parts: fields.list(PARTS_MAX, readPart),
    asked: fields.text(NAME_MAX, 1),
    overdraft: fields.flag(),
    share: fields.optional((field) => field.text(SHARE_MAX)) ?? undefined,
    term: seconds(fields.uint()),
    granted: epochSeconds(fields.uint()),
    holder: readHolder(fields),
    ending: fields.optional((field) => refusalByNumber(field.uint())) ?? undefined,
    borrowing: fields.optional(readBorrowing) ?? undefined,
  };
  const isWhole = fields.complete && version === RECORD_VERSION && record.parts.length > 0;
  return isWhole ? record : undefined;
};
