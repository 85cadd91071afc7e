/** What was done, when and by whom: a line of the master's own log, which is only added to. */

import { Fields } from '../../../protocol/fields.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import { cutText } from './cut-text.ts';

/** Characters of the text of a line. */
const DETAIL_MAX = 512;
const PREFIX = 'audit/';
export const AUDIT_HASH_SIZE = 32;
/** What the first line names as the hash of the one before. */
export const NO_HASH: Uint8Array = new Uint8Array(AUDIT_HASH_SIZE);
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

/** A line as it is stored, with the hash of the one before. */
export const encodeAuditLine = (line: AuditLine, previous: Uint8Array): Uint8Array =>
  pack([
    line.number,
    line.at,
    AUDIT_KINDS.indexOf(line.kind),
    cutText(line.who, DETAIL_MAX),
    line.license,
    cutText(line.detail, DETAIL_MAX),
    previous,
  ]);

/** What the next line names this one by. */
export const hashAuditLine = (bytes: Uint8Array, { sha512 }: Primitives): Uint8Array =>
  sha512(bytes).slice(0, AUDIT_HASH_SIZE);

/** A line, and the hash of the one before as it says. */
export interface ReadLine {
  readonly line: AuditLine;
  readonly previous: Uint8Array;
}

export const readAuditLine = (bytes: Uint8Array): ReadLine | undefined => {
  const fields = new Fields(unpack(bytes));
  const line: AuditLine = {
    number: fields.uint(),
    at: epochSeconds(fields.uint()),
    kind: AUDIT_KINDS[fields.uint(AUDIT_KINDS.length - 1)] ?? 'master',
    who: fields.text(DETAIL_MAX),
    license: fields.optional((field) => field.text(26)) as LicenseId | null,
    detail: fields.text(DETAIL_MAX),
  };
  const previous = fields.bytes(AUDIT_HASH_SIZE);
  return fields.complete ? { line, previous } : undefined;
};
