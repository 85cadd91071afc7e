/**
 * The audit: records in a chain, each with the hash of the one before. A record tells of one batch
 * of the store: what was asked by whom, and every lease as it was written.
 */

import { Fields, isPlainText } from '../../../protocol/fields.ts';
import { leaseId } from '../../../protocol/ids.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import { decodeLeaseRecord } from '../seats/lease-record.ts';

export const AUDIT_PREFIX = 'audit/';

export const AUDIT_HASH_SIZE = 32;
/** What the first record names as the hash of the one before. */
export const NO_HASH: Uint8Array = new Uint8Array(AUDIT_HASH_SIZE);

const RECORD_VERSION = 1;
const WHO_MAX = 200;
const WHAT_MAX = 64;
const DETAIL_MAX = 1000;
const LEASE_MAX = 4096;
/** Entries of one record: with the rest it must be fewer items than a packed value has. */
export const DEEDS_MAX = 64;
export const LEASES_MAX = 512;

/** Something that was asked of the agent, or came of it. */
export interface Deed {
  /** As far as the agent can tell, and what it was told beyond that. */
  readonly who: string;
  readonly what: string;
  readonly detail: string;
}

export interface AuditRecord {
  readonly sequence: number;
  readonly at: EpochSeconds;
  /** The hash of the record before. */
  readonly previous: Uint8Array;
  readonly deeds: readonly Deed[];
  /** Leases as the store has them. */
  readonly leases: readonly Uint8Array[];
}

/** A deed whose texts can be stored and shown, cut where they are too long. */
export const plainDeed = ({ who, what, detail }: Deed): Deed => ({
  who: toPlain(who, WHO_MAX),
  what: toPlain(what, WHAT_MAX),
  detail: toPlain(detail, DETAIL_MAX),
});

const toPlain = (text: string, most: number): string => {
  const short = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  if (isPlainText(short)) return short;
  return [...short].map((one) => (isPlainText(one) ? one : '?')).join('');
};

export const encodeAuditRecord = (record: AuditRecord): Uint8Array =>
  pack([
    RECORD_VERSION,
    record.sequence,
    record.at,
    record.previous,
    record.deeds.map(({ who, what, detail }) => [who, what, detail]),
    record.leases,
  ]);

export const decodeAuditRecord = (bytes: Uint8Array): AuditRecord | undefined => {
  const fields = new Fields(unpack(bytes));
  const version = fields.uint();
  const record = {
    sequence: fields.uint(),
    at: epochSeconds(fields.uint()),
    previous: fields.bytes(AUDIT_HASH_SIZE),
    deeds: fields.list(DEEDS_MAX, (list) =>
      list.exactly((deed) => ({
        who: deed.text(WHO_MAX),
        what: deed.text(WHAT_MAX),
        detail: deed.text(DETAIL_MAX),
      })),
    ),
    leases: fields.list(LEASES_MAX, (lease) => lease.bytesUpTo(LEASE_MAX)),
  };
  return fields.complete && version === RECORD_VERSION ? record : undefined;
};

/** What the next record names this one by. */
export const hashAuditRecord = (bytes: Uint8Array, { sha512 }: Primitives): Uint8Array =>
  sha512(bytes).slice(0, AUDIT_HASH_SIZE);

/** One line of the audit, for people and programs. */
export interface AuditLine {
  readonly sequence: number;
  readonly at: number;
  readonly who: string;
  readonly what: string;
  readonly detail: string;
  /** Of a site: whose audit it is in. */
  readonly member?: string;
}

export const auditLines = (record: AuditRecord): readonly AuditLine[] => {
  const { sequence, at, leases } = record;
  const lent = leases.map((bytes) => ({ sequence, at, ...describeLease(bytes) }));
  return [...deedLines(record), ...lent];
};

/** What was done, without what was lent. */
export const deedLines = ({ sequence, at, deeds }: AuditRecord): readonly AuditLine[] =>
  deeds.map((deed) => ({ sequence, at, ...deed }));

const describeLease = (bytes: Uint8Array): Deed => {
  const lease = decodeLeaseRecord(bytes);
  if (lease === undefined) return { who: '?', what: 'seat', detail: 'of an unknown form' };
  const { holder, borrowing, ending, product, parts, asked, overdraft } = lease;
  const what =
    ending !== undefined
      ? 'seat-ending'
      : borrowing !== undefined
        ? 'seat-borrowed'
        : 'seat-granted';
  const seats = parts.reduce((sum, part) => sum + part.seats, 0);
  const licenses = parts.map(({ licenseId }) => licenseId).join(', ');
  const more = [
    ...(seats > 1 ? [`${seats} seats`] : []),
    ...(overdraft ? ['beyond the licensed count'] : []),
    ...(ending === undefined ? [] : [ending]),
  ];
  const detail = `${product} ${asked}, license ${licenses}, seat ${leaseId(lease.clientKey)}`;
  return {
    who: `${holder.user}@${holder.host} (${holder.application}, process ${holder.process})`,
    what,
    detail: [detail, ...more].join(', '),
  };
};
