/** Writes DNS messages; names are written out in full, which needs no more room than they have. */

import { concatBytes, utf8ToBytes } from '../bytes.ts';
import { addressToBytes } from '../ip-address.ts';
import { assert, unreachable } from '../result.ts';
import { type DnsMessage, type DnsQuestion, type DnsRecord, TYPE } from './dns-message.ts';

/** What there is to write: `answers` were asked for, `additionals` will be. */
export interface DnsDraft extends Omit<DnsMessage, 'records'> {
  readonly answers: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

const CLASS_IN = 1;
const TOP = 0x8000;
/** A response, with authority. */
const ANSWERING = 0x8400;

export const buildDns = ({
  id,
  isResponse,
  questions,
  answers,
  additionals,
}: DnsDraft): Uint8Array =>
  concatBytes(
    uint16s(id, isResponse ? ANSWERING : 0),
    uint16s(questions.length, answers.length, 0, additionals.length),
    ...questions.map(writeQuestion),
    ...[...answers, ...additionals].map(writeRecord),
  );

const uint16s = (...values: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setUint16(i * 2, value);
  return bytes;
};

const writeName = (name: string): Uint8Array => {
  const labels = name.split('.').map((label) => {
    assert(/^[a-z\d_-]{1,63}$/.test(label), `no plain name: ${name}`);
    return concatBytes(Uint8Array.of(label.length), utf8ToBytes(label));
  });
  return concatBytes(...labels, Uint8Array.of(0));
};

const writeQuestion = ({ name, type, unicast }: DnsQuestion): Uint8Array =>
  concatBytes(writeName(name), uint16s(type, CLASS_IN | (unicast ? TOP : 0)));

const writeRecord = (record: DnsRecord): Uint8Array => {
  const data = writeData(record);
  const kind = CLASS_IN | (record.flush ? TOP : 0);
  const { ttl } = record;
  return concatBytes(
    writeName(record.name),
    uint16s(TYPE[record.type], kind, Math.floor(ttl / 0x1_0000), ttl % 0x1_0000, data.length),
    data,
  );
};

const writeData = (record: DnsRecord): Uint8Array => {
  switch (record.type) {
    case 'ptr':
      return writeName(record.target);
    case 'srv':
      return concatBytes(
        uint16s(record.priority, record.weight, record.port),
        writeName(record.target),
      );
    case 'txt':
      return record.bytes;
    case 'a':
    case 'aaaa': {
      const bytes = addressToBytes(record.address);
      assert(bytes !== undefined, `no address: ${record.address}`);
      return bytes;
    }
    default:
      return unreachable(record);
  }
};
