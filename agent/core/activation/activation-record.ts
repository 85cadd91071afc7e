/** What an agent keeps of the activation of one license: documents as they came, in one record. */

import { openActivation, type SignedActivation } from '../../../protocol/activation.ts';
import { Fields } from '../../../protocol/fields.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { DOCUMENT_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import type { Result } from '../../../protocol/result.ts';
import { openReceipt } from '../../../protocol/return-receipt.ts';
import type { DocumentFault } from '../../../protocol/signed-document.ts';
import { openStanding, type SignedStanding } from '../../../protocol/standing.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { Write } from '../write.ts';

/** Beneath it the license's id. It outlives its license: what was given back stays so. */
export const ACTIVATION_PREFIX = 'activation/';

const RECORD_VERSION = 1;

export interface ActivationRecord {
  /** Activations by the vendor of this number or a lower one are over here, for ever. */
  readonly floor: number;
  /** By the vendor, with a higher number than `floor`. */
  readonly activation: SignedActivation | null;
  /** The one with the highest number that was seen. */
  readonly standing: SignedStanding | null;
  /** The one that the license allows, once. */
  readonly emergency: SignedActivation | null;
  /** Since when nothing is lent of it, as it is to be given back; */
  readonly returning: EpochSeconds | null;
  /** and the receipt, once it is; */
  readonly receipt: Uint8Array | null;
  /** its master has it. */
  readonly told: boolean;
}

export const NO_RECORD: ActivationRecord = {
  floor: 0,
  activation: null,
  standing: null,
  emergency: null,
  returning: null,
  receipt: null,
  told: false,
};

export const recordWrite = (license: LicenseId, record: ActivationRecord): Write => ({
  key: ACTIVATION_PREFIX + license,
  value: pack([
    RECORD_VERSION,
    record.floor,
    record.activation?.bytes ?? null,
    record.standing?.bytes ?? null,
    record.emergency?.bytes ?? null,
    record.returning,
    record.receipt,
    record.told,
  ]),
});

/** The record of a stored value, or `undefined` when the store has been damaged. */
export const readRecord = (
  license: LicenseId,
  value: Uint8Array,
  primitives: Primitives,
): ActivationRecord | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  // They outlive the step in which they were read.
  const document = (): Uint8Array | null =>
    fields.optional((field) => field.bytesUpTo(DOCUMENT_MAX).slice());
  const floor = fields.uint();
  const [activation, standing, emergency] = [document(), document(), document()];
  const returning = fields.optional((field) => epochSeconds(field.uint()));
  const receipt = document();
  const told = fields.flag();
  if (!fields.complete || version !== RECORD_VERSION) return undefined;
  const record: ActivationRecord = {
    floor,
    activation: openOrNull(activation, openActivation, primitives),
    standing: openOrNull(standing, openStanding, primitives),
    emergency: openOrNull(emergency, openActivation, primitives),
    returning,
    receipt,
    told,
  };
  const isWhole =
    (activation === null) === (record.activation === null) &&
    (standing === null) === (record.standing === null) &&
    (emergency === null) === (record.emergency === null) &&
    (receipt === null || openReceipt(receipt, primitives).ok);
  return isWhole && isOf(record, license) ? record : undefined;
};

const openOrNull = <T>(
  bytes: Uint8Array | null,
  open: (bytes: Uint8Array, primitives: Primitives) => Result<T, DocumentFault>,
  primitives: Primitives,
): T | null => {
  if (bytes === null) return null;
  const opened = open(bytes, primitives);
  return opened.ok ? opened.value : null;
};

const isOf = ({ activation, standing, emergency }: ActivationRecord, license: LicenseId): boolean =>
  [activation?.activation, standing?.standing, emergency?.activation].every(
    (one) => one === undefined || one.license === license,
  );
