/** What was done, when and by whom: a line of the master's own log, which is only added to. */

import { Fields } from '../../../protocol/fields.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { Write } from '../../core/write.ts';
import { cutText } from './cut-text.ts';

/** Characters of the text of a line. */
const DETAIL_MAX = 512;
const PREFIX = 'audit/';
/** So that the order of the keys is that of the numbers. */
const DIGITS = 10;

/** Append-only. */
export const AUDIT_KINDS = [
  'customer',
  'account',
  'issued',
  'changed',
  'activated',
  'refreshed',
  'refused',
  'returned',
  'freed',
  'standing',
  'petition',
  'master',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export interface AuditLine {
  /** From 1. */
  readonly number: number;
  readonly at: EpochSeconds;
  readonly kind: AuditKind;
  /** A name, `agent` with its host, or an address. */
  readonly who: string;
  /** What it is about; `null` for no license in particular. */
  readonly license: LicenseId | null;
  readonly detail: string;
}

export const auditKey = (number: number): string => PREFIX + String(number).padStart(DIGITS, '0');

/** After the last of the keys. */
export const AUDIT_END = 'audit0';

export const auditNumber = (key: string): number | undefined =>
  key.startsWith(PREFIX) ? Number(key.slice(PREFIX.length)) : undefined;

export const auditWrite = (line: AuditLine): Write => ({
  key: auditKey(line.number),
  value: pack([
    line.number,
    line.at,
    AUDIT_KINDS.indexOf(line.kind),
    cutText(line.who, DETAIL_MAX),
    line.license,
    cutText(line.detail, DETAIL_MAX),
  ]),
});

export const readAuditLine = (bytes: Uint8Array): AuditLine | undefined => {
  const fields = new Fields(unpack(bytes));
  const line: AuditLine = {
    number: fields.uint(),
    at: epochSeconds(fields.uint()),
    kind: AUDIT_KINDS[fields.uint(AUDIT_KINDS.length - 1)] ?? 'master',
    who: fields.text(DETAIL_MAX),
    license: fields.optional((field) => field.text(26)) as LicenseId | null,
    detail: fields.text(DETAIL_MAX),
  };
  return fields.valid ? line : undefined;
};
