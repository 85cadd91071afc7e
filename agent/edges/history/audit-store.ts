/** The audit in the store: the newest records one by one, older ones in sealed segments. */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { bytesToHex, concatBytes, hexToBytes } from '../../../protocol/bytes.ts';
import { AUDIT_HASH_SIZE, AUDIT_PREFIX } from '../../core/audit/audit-record.ts';
import { behind, type EntryReader, entriesBetween, type HistoryReader } from './history-store.ts';

const RECORD_PREFIX = `${AUDIT_PREFIX}record/`;
const SEGMENT_PREFIX = `${AUDIT_PREFIX}segment/`;
export const HEAD_KEY = `${AUDIT_PREFIX}head`;
export const START_KEY = `${AUDIT_PREFIX}start`;

const DIGITS = 10;
const SEGMENT_MAX = 1_048_576;
const LENGTH_SIZE = 4;
/** Segments in memory while they are shown, of some 24 KB each. */
const AT_ONCE = 32;

const digits = (sequence: number): string => String(sequence).padStart(DIGITS, '0');

export const recordKey = (sequence: number): string => RECORD_PREFIX + digits(sequence);

export const isRecordKey = (key: string): boolean => key.startsWith(RECORD_PREFIX);

/** Of a segment that begins with this record and goes on from this hash. */
export const segmentKey = (first: number, previous: Uint8Array): string =>
  `${SEGMENT_PREFIX}${digits(first)}-${bytesToHex(previous)}`;

export interface SegmentName {
  readonly first: number;
  readonly previous: Uint8Array;
}

export const readSegmentKey = (key: string): SegmentName | undefined => {
  if (!key.startsWith(SEGMENT_PREFIX)) return undefined;
  const [number = '', hex = ''] = key.slice(SEGMENT_PREFIX.length).split('-');
  const previous = hexToBytes(hex);
  return previous?.length === AUDIT_HASH_SIZE ? { first: Number(number), previous } : undefined;
};

export const packSegment = (records: readonly Uint8Array[]): Uint8Array => {
  const framed = records.flatMap((record) => {
    const length = new Uint8Array(LENGTH_SIZE);
    new DataView(length.buffer).setUint32(0, record.length);
    return [length, record];
  });
  return new Uint8Array(deflateRawSync(concatBytes(...framed)));
};

/** The records of a segment, as many as can be read. */
export function* unpackSegment(value: Uint8Array): Generator<Uint8Array> {
  const bytes = inflate(value);
  for (let at = 0; at + LENGTH_SIZE <= bytes.length; ) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const end = at + LENGTH_SIZE + view.getUint32(at);
    yield bytes.slice(at + LENGTH_SIZE, end);
    at = end;
  }
}

const inflate = (value: Uint8Array): Uint8Array => {
  try {
    return new Uint8Array(inflateRawSync(value, { maxOutputLength: SEGMENT_MAX }));
  } catch {
    return new Uint8Array(0);
  }
};

/** A segment with its key, or a record that is in none yet. */
export interface AuditPiece {
  readonly segment: string | undefined;
  readonly records: Iterable<Uint8Array>;
}

/** All of the audit that is behind the segment of this key, oldest first. */
export async function* auditPieces(reader: EntryReader, after = ''): AsyncGenerator<AuditPiece> {
  const from = after === '' ? SEGMENT_PREFIX : behind(after);
  for await (const [segment, value] of entriesBetween(reader, from, behind(SEGMENT_PREFIX))) {
    yield { segment, records: unpackSegment(value) };
  }
  for await (const [, value] of entriesBetween(reader, RECORD_PREFIX, behind(RECORD_PREFIX))) {
    yield { segment: undefined, records: [value] };
  }
}

/**
 * All of the audit, oldest first, so many segments at a time: who is shown it may take hours, for
 * which the store need not keep everything as it was. The last piece has what is in no segment.
 */
export async function* auditInTurn(reader: HistoryReader): AsyncGenerator<AuditPiece> {
  for (let after = ''; ; ) {
    const pieces: AuditPiece[] = [];
    {
      await using frozen = reader.frozen();
      for await (const piece of auditPieces(frozen, after)) {
        pieces.push(piece);
        if (piece.segment !== undefined && pieces.length === AT_ONCE) break;
      }
    }
    yield* pieces;
    const last = pieces.at(-1)?.segment;
    if (last === undefined || pieces.length < AT_ONCE) return;
    after = last;
  }
}

/** Every record, oldest first. */
export async function* auditRecords(reader: EntryReader): AsyncGenerator<Uint8Array> {
  for await (const { records } of auditPieces(reader)) yield* records;
}
