/**
 * DNS messages, as far as a service is found by them (RFC 1035, RFC 6762, RFC 6763): a question for a
 * name, and an answer that says at which host and port the service is. Reading is bounded and trusts
 * nothing; whatever is of no use here is read over.
 */

import { bytesToUtf8, concatBytes, utf8ToBytes } from './bytes.ts';

/** By which agents are found with multicast DNS. */
export const SERVICE = '_usher._udp.local';

export const DNS_TYPE = { a: 1, ptr: 12, aaaa: 28, srv: 33, any: 255 } as const;

/** Records of one message that are looked at. */
const RECORDS_MAX = 64;
/** Bytes of a name, and of one of its labels (RFC 1035, section 2.3.4). */
const NAME_BYTES_MAX = 255;
const LABEL_MAX = 63;
/** Jumps within one name. */
const JUMPS_MAX = 16;
const HEADER_SIZE = 12;
const RESPONSE_FLAG = 0x8000;
/** A response, and its sender knows for itself. */
const ANSWER_FLAGS = 0x8400;
const CLASS_IN = 1;
/** In a record: it takes the place of what was known; in a question: answer me alone. */
const TOP_BIT = 0x8000;
/** Seconds that others may keep what they heard: addresses move. */
const TTL = 120;

export interface DnsQuestion {
  /** In small letters, without the last dot. */
  readonly name: string;
  readonly type: number;
}

export interface DnsService {
  readonly name: string;
  readonly port: number;
}

export interface DnsMessage {
  readonly isResponse: boolean;
  readonly questions: readonly DnsQuestion[];
  readonly services: readonly DnsService[];
}

/** A question as multicast DNS asks it. */
export const buildDnsQuestion = ({ name, type }: DnsQuestion): Uint8Array =>
  concatBytes(words(0, 0, 1, 0, 0, 0), encodeName(name), words(type, CLASS_IN));

/** Who answers for the service, in one message. */
export interface DnsAnswer {
  /** The service, e.g. `SERVICE`. */
  readonly service: string;
  /** One label that no other host on the link has. */
  readonly host: string;
  readonly port: number;
  /** IPv4 addresses of four bytes, IPv6 addresses of 16. */
  readonly addresses: readonly Uint8Array[];
}

/** PTR, SRV and the addresses, so that other programs can read it as well. */
export const buildDnsAnswer = ({ service, host, port, addresses }: DnsAnswer): Uint8Array => {
  const instance = encodeName(`${host}.${service}`);
  const target = encodeName(`${host}.local`);
  const location = concatBytes(words(0, 0, port), target);
  return concatBytes(
    words(0, ANSWER_FLAGS, 0, 1, 0, 1 + addresses.length),
    record(encodeName(service), DNS_TYPE.ptr, CLASS_IN, instance),
    record(instance, DNS_TYPE.srv, CLASS_IN | TOP_BIT, location),
    ...addresses.map((address) => {
      const type = address.length === 4 ? DNS_TYPE.a : DNS_TYPE.aaaa;
      return record(target, type, CLASS_IN | TOP_BIT, address);
    }),
  );
};

/** What a message asks, and the services that it names; `undefined` when it cannot be read. */
export const readDnsMessage = (bytes: Uint8Array): DnsMessage | undefined => {
  const reader = new DnsReader(bytes);
  reader.skip(2);
  const flags = reader.word();
  const [asked, ...counts] = [reader.word(), reader.word(), reader.word(), reader.word()];
  const records = counts.reduce((sum, count) => sum + count, 0);
  if (!reader.isGood || asked + records > RECORDS_MAX) return undefined;
  const questions = Array.from({ length: asked }, () => {
    const question = { name: reader.name(), type: reader.word() };
    reader.skip(2);
    return question;
  });
  const services: DnsService[] = [];
  for (let i = 0; i < records && reader.isGood; i++) readRecord(reader, services);
  if (!reader.isGood) return undefined;
  return { isResponse: (flags & RESPONSE_FLAG) !== 0, questions, services };
};

const readRecord = (reader: DnsReader, services: DnsService[]): void => {
  const name = reader.name();
  const type = reader.word();
  reader.skip(6);
  const size = reader.word();
  if (type !== DNS_TYPE.srv || size < 7) return reader.skip(size);
  reader.skip(4);
  const port = reader.word();
  reader.skip(size - 6);
  if (reader.isGood && port > 0) services.push({ name, port });
};

class DnsReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #isGood: boolean;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#isGood = bytes.length >= HEADER_SIZE;
  }

  /** Nothing was read that is not there. */
  get isGood(): boolean {
    return this.#isGood;
  }

  skip(size: number): void {
    this.#at += size;
    if (this.#at > this.#bytes.length) this.#isGood = false;
  }

  word(): number {
    this.skip(2);
    if (!this.#isGood) return 0;
    return ((this.#bytes[this.#at - 2] ?? 0) << 8) | (this.#bytes[this.#at - 1] ?? 0);
  }

  /** A name, which may go on elsewhere in the message (RFC 1035, section 4.1.4). */
  name(): string {
    const labels: string[] = [];
    let at = this.#at;
    let end: number | undefined;
    for (let size = 0, jumps = 0; this.#isGood; ) {
      const length = this.#bytes[at];
      if (length === undefined) break;
      if (length === 0) {
        this.#at = end ?? at + 1;
        return labels.join('.').toLowerCase();
      }
      if (length >= 0xc0) {
        end ??= at + 2;
        at = ((length & 0x3f) << 8) | (this.#bytes[at + 1] ?? 0);
        if (++jumps > JUMPS_MAX) break;
        continue;
      }
      const label = bytesToUtf8(this.#bytes.subarray(at + 1, at + 1 + length));
      size += length + 1;
      if (length > LABEL_MAX || size > NAME_BYTES_MAX || label === undefined) break;
      labels.push(label);
      at += 1 + length;
    }
    this.#isGood = false;
    return '';
  }
}

const words = (...values: readonly number[]): Uint8Array =>
  new Uint8Array(values.flatMap((value) => [(value >>> 8) & 255, value & 255]));

const record = (name: Uint8Array, type: number, kind: number, value: Uint8Array): Uint8Array =>
  concatBytes(name, words(type, kind, 0, TTL, value.length), value);

/** Labels of at most 63 bytes each: the caller has made sure. */
const encodeName = (name: string): Uint8Array =>
  concatBytes(
    ...name.split('.').map((label) => {
      const bytes = utf8ToBytes(label);
      return concatBytes(new Uint8Array([bytes.length]), bytes);
    }),
    new Uint8Array(1),
  );
