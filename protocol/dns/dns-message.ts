/**
 * The part of DNS messages that finding agents needs: questions, and records of five types. Our own,
 * because it is small and must be bounded: the libraries for it take names and records of any number
 * and kind, and bring sockets and timers along.
 */

import { bytesToAddress } from '../ip-address.ts';
import { DnsReader } from './dns-reader.ts';

/** Types of records and questions (RFC 1035, 2782, 3596); `any` asks for all. */
export const TYPE = { a: 1, ptr: 12, txt: 16, aaaa: 28, srv: 33, any: 255 } as const;

export interface DnsQuestion {
  /** In small letters: see `DnsReader.name`. */
  readonly name: string;
  readonly type: number;
  /** The answer may come to the asker alone (mDNS' QU bit). */
  readonly unicast: boolean;
}

interface RecordHead {
  readonly name: string;
  /** Seconds for which it may be believed; zero takes it back. */
  readonly ttl: number;
  /** It replaces what was known of the name and type (mDNS' cache-flush bit). */
  readonly flush: boolean;
}

export type DnsRecord = RecordHead &
  (
    | { readonly type: 'ptr'; readonly target: string }
    | {
        readonly type: 'srv';
        readonly priority: number;
        readonly weight: number;
        readonly port: number;
        readonly target: string;
      }
    | { readonly type: 'txt'; readonly bytes: Uint8Array }
    | { readonly type: 'a' | 'aaaa'; readonly address: string }
  );

export interface DnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  readonly questions: readonly DnsQuestion[];
  /** Of all sections; those of other types are left out. */
  readonly records: readonly DnsRecord[];
}

/** Bytes of a message (RFC 6762, section 17), questions and records looked at in one. */
export const DNS_MAX = 9000;
const QUESTIONS_MAX = 32;
const RECORDS_MAX = 128;

const CLASS_IN = 1;
const CLASS_ANY = 255;
/** The top bit of a class: QU in a question, cache-flush in a record. */
const TOP = 0x8000;
const RESPONSE = 0x8000;
const OPCODE = 0x7800;

/** Whether the bytes can be a query; says so of most that are none before anything is read. */
export const looksLikeQuery = (bytes: Uint8Array): boolean =>
  bytes.length > 12 && bytes.length <= DNS_MAX && ((bytes[2] ?? 0) & 0xf8) === 0;

/** The message, or `undefined` where it is out of form or has more than anybody needs. */
export const parseDns = (bytes: Uint8Array): DnsMessage | undefined => {
  if (bytes.length > DNS_MAX) return undefined;
  const reader = new DnsReader(bytes);
  const id = reader.uint16();
  const flags = reader.uint16();
  const count = reader.uint16();
  const recordCount = reader.uint16() + reader.uint16() + reader.uint16();
  if ((flags & OPCODE) !== 0 || count > QUESTIONS_MAX || recordCount > RECORDS_MAX) {
    return undefined;
  }
  const questions: DnsQuestion[] = [];
  for (let i = 0; i < count && !reader.isBroken; i++) questions.push(...readQuestion(reader));
  const records: DnsRecord[] = [];
  for (let i = 0; i < recordCount && !reader.isBroken; i++) records.push(...readRecord(reader));
  if (reader.isBroken) return undefined;
  return { id, isResponse: (flags & RESPONSE) !== 0, questions, records };
};

const isInternet = (kind: number): boolean =>
  (kind & ~TOP) === CLASS_IN || (kind & ~TOP) === CLASS_ANY;

const readQuestion = (reader: DnsReader): readonly DnsQuestion[] => {
  const name = reader.name();
  const type = reader.uint16();
  const kind = reader.uint16();
  return isInternet(kind) ? [{ name, type, unicast: (kind & TOP) !== 0 }] : [];
};

const readRecord = (reader: DnsReader): readonly DnsRecord[] => {
  const name = reader.name();
  const type = reader.uint16();
  const kind = reader.uint16();
  const ttl = reader.uint32();
  const size = reader.uint16();
  const end = reader.at + size;
  const head = { name, ttl, flush: (kind & TOP) !== 0 };
  const found = isInternet(kind) ? readData(reader, type, size, head) : undefined;
  // A name in it may end before, or be said to go on behind, its record.
  if (reader.at > end) reader.bytes(DNS_MAX);
  else reader.bytes(end - reader.at);
  return found === undefined || reader.isBroken ? [] : [found];
};

const readData = (
  reader: DnsReader,
  type: number,
  size: number,
  head: RecordHead,
): DnsRecord | undefined => {
  switch (type) {
    case TYPE.ptr:
      return { ...head, type: 'ptr', target: reader.name() };
    case TYPE.srv: {
      const [priority, weight, port] = [reader.uint16(), reader.uint16(), reader.uint16()];
      return { ...head, type: 'srv', priority, weight, port, target: reader.name() };
    }
    case TYPE.txt:
      return { ...head, type: 'txt', bytes: reader.bytes(size).slice() };
    case TYPE.a:
    case TYPE.aaaa: {
      if (size !== (type === TYPE.a ? 4 : 16)) return undefined;
      const address = bytesToAddress(reader.bytes(size));
      return { ...head, type: type === TYPE.a ? 'a' : 'aaaa', address };
    }
    default:
      return undefined;
  }
};
