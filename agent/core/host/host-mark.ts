/**
 * What is remembered of a license on this computer outside the data folder, so that whoever deletes
 * the folder, or brings an earlier one back, has no second emergency and no license that was given
 * back.
 */

import { concatBytes, equalBytes } from '../../../protocol/bytes.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from '../../../protocol/ids.ts';
import { LICENSE_ID_SIZE } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';

export interface HostMark {
  readonly license: LicenseId;
  /** Activations of this number or a lower one are over. */
  readonly floor: number;
  /** When its emergency ends or has ended; `null` where it had none. */
  readonly emergency: EpochSeconds | null;
}

const RECORD_SIZE = LICENSE_ID_SIZE + 8;
const CHECK_SIZE = 8;
/** Licenses that are remembered; beyond them the oldest are forgotten. */
const MARKS_MAX = 4096;

/** Bytes of a file of marks, at most. */
export const MARKS_SIZE_MAX = MARKS_MAX * RECORD_SIZE + CHECK_SIZE;

/** The marks of several places together: of each license what says most. */
export const joinMarks = (...places: readonly (readonly HostMark[])[]): readonly HostMark[] => {
  const joined = new Map<LicenseId, HostMark>();
  for (const { license, floor, emergency } of places.flat()) {
    const known = joined.get(license);
    joined.set(license, {
      license,
      floor: Math.max(floor, known?.floor ?? 0),
      emergency: latest(emergency, known?.emergency ?? null),
    });
  }
  return [...joined.values()].slice(-MARKS_MAX);
};

const latest = (one: EpochSeconds | null, other: EpochSeconds | null): EpochSeconds | null =>
  one === null || (other !== null && other > one) ? other : one;

/** A file of marks: a record each, and the start of the SHA-512 of all. */
export const marksToBytes = (
  marks: readonly HostMark[],
  { sha512 }: Pick<Primitives, 'sha512'>,
): Uint8Array => {
  const records = concatBytes(...marks.map(markToBytes));
  return concatBytes(records, sha512(records).slice(0, CHECK_SIZE));
};

const markToBytes = ({ license, floor, emergency }: HostMark): Uint8Array => {
  const numbers = new Uint8Array(8);
  const view = new DataView(numbers.buffer);
  view.setUint32(0, floor);
  view.setUint32(4, emergency ?? 0);
  return concatBytes(licenseIdToBytes(license), numbers);
};

/** The marks in a file; `undefined` for one that is damaged. */
export const readMarks = (
  bytes: Uint8Array,
  { sha512 }: Pick<Primitives, 'sha512'>,
): readonly HostMark[] | undefined => {
  const size = bytes.length - CHECK_SIZE;
  if (size < 0 || size % RECORD_SIZE !== 0 || bytes.length > MARKS_SIZE_MAX) return undefined;
  const records = bytes.slice(0, size);
  if (!equalBytes(sha512(records).slice(0, CHECK_SIZE), bytes.slice(size))) return undefined;
  const view = new DataView(records.buffer);
  return Array.from({ length: size / RECORD_SIZE }, (_, i) => {
    const at = i * RECORD_SIZE;
    const emergency = view.getUint32(at + LICENSE_ID_SIZE + 4);
    return {
      license: licenseId(records.slice(at, at + LICENSE_ID_SIZE)),
      floor: view.getUint32(at + LICENSE_ID_SIZE),
      emergency: emergency === 0 ? null : epochSeconds(emergency),
    };
  });
};
