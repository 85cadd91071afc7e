/** What the store keeps of leases and licenses: keys and values, and their reading back. */

import { bytesToHex } from '../../protocol/bytes.ts';
import { Fields } from '../../protocol/fields.ts';
import { type Holder, holderToValue, readHolder } from '../../protocol/holder.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { KEY_SIZE, NAME_MAX } from '../../protocol/limits.ts';
import { pack, unpack } from '../../protocol/msgpack.ts';
import { REFUSALS, type RefusalCode, refusalByNumber } from '../../protocol/refusal.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../protocol/units.ts';

export const LEASE_PREFIX = 'lease/';
export const LICENSE_PREFIX = 'license/';

const RECORD_VERSION = 1;

export interface LeaseRecord {
  /** The client's X25519 key: who may renew and release it. */
  readonly clientKey: Uint8Array;
  /** The id of the acquire that made it. */
  readonly requestId: number;
  readonly licenseId: LicenseId;
  readonly class: string;
  readonly term: Seconds;
  readonly granted: EpochSeconds;
  readonly holder: Holder;
  /** Why it is not renewed any more; a restart does not forget what an administrator decided. */
  readonly ending: RefusalCode | undefined;
}

export const leaseStoreKey = (clientKey: Uint8Array): string =>
  LEASE_PREFIX + bytesToHex(clientKey);

export const licenseStoreKey = (id: LicenseId): string => LICENSE_PREFIX + id;

export const encodeLeaseRecord = (record: LeaseRecord): Uint8Array =>
  pack([
    RECORD_VERSION,
    record.clientKey,
    record.requestId,
    record.licenseId,
    record.class,
    record.term,
    record.granted,
    holderToValue(record.holder),
    record.ending === undefined ? null : REFUSALS[record.ending].number,
  ]);

/** The lease in a stored value, or `undefined` when the store has been damaged. */
export const decodeLeaseRecord = (value: Uint8Array): LeaseRecord | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const record = {
    clientKey: fields.bytes(KEY_SIZE),
    requestId: fields.uint(),
    licenseId: fields.text(NAME_MAX, 1) as LicenseId,
    class: fields.text(NAME_MAX, 1),
    term: seconds(fields.uint()),
    granted: epochSeconds(fields.uint()),
    holder: readHolder(fields),
    ending: fields.optional((field) => refusalByNumber(field.uint())) ?? undefined,
  };
  return fields.complete && version === RECORD_VERSION ? record : undefined;
};
