/** What a vendor types to certify an issuing key. Code: WRONG_USAGE. */

import { base64ToBytes, equalBytes } from '../../protocol/bytes.ts';
import { CERTIFIED_USES, type Certificate } from '../../protocol/certificate.ts';
import { KEY_SIZE } from '../../protocol/limits.ts';
import { isSoundKey } from '../../protocol/primitives.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import { readCount, readDay, readLastDay, wrong } from './order-words.ts';

export interface CertificateOrder {
  /** The public key that is certified, in base64. */
  readonly issuer: string | undefined;
  readonly starts: string | undefined;
  /** The last day. */
  readonly until: string | undefined;
  /** Words with commas between. */
  readonly uses: string | undefined;
  readonly number: string | undefined;
}

const USES_EXAMPLE = CERTIFIED_USES.join(',');

/** The certificate that an order describes, to be signed with the root key of this public key. */
export const certificateFromOrder = (
  order: CertificateOrder,
  root: Uint8Array,
  now: EpochSeconds,
): Certificate => {
  const key = readIssuer(order.issuer);
  if (equalBytes(key, root))
    throw wrong('--issuer is the root key itself: it needs no certificate.');
  const starts = order.starts === undefined ? now : readDay('--starts', order.starts);
  const ends = readLastDay('--until', order.until);
  if (ends === null) throw wrong('--until DAY is needed: the last day on which that key may sign.');
  if (ends <= starts) throw wrong('--until is a day after the certificate starts.');
  const number = readCount('--number', order.number ?? String(now), 0, 0xffff_ffff);
  return { key, uses: readUses(order.uses), starts, ends, number };
};

/** A public key in base64. Code: WRONG_USAGE. */
export const readIssuer = (text: string | undefined): Uint8Array => {
  const key = base64ToBytes((text ?? '').replace(/=+$/, ''));
  if (key?.length === KEY_SIZE && isSoundKey(key)) return key;
  throw wrong('--issuer is the public key that `usher vendor keygen` printed for the issuing key.');
};

const readUses = (text: string | undefined): Certificate['uses'] => {
  if (text === undefined) throw wrong(`--uses is needed: some of ${USES_EXAMPLE}.`);
  const words = text.split(',').map((word) => word.trim());
  const other = words.find((word) => !CERTIFIED_USES.some((use) => use === word));
  if (other !== undefined) throw wrong(`--uses is some of ${USES_EXAMPLE}, not "${other}".`);
  return CERTIFIED_USES.filter((use) => words.includes(use));
};
