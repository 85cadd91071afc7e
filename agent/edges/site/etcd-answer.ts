/** What etcd's JSON gateway has said, as the register's answer. Nothing in it is believed unseen. */

import {
  REGISTER_ENTRIES_MAX,
  REGISTER_VALUE_MAX,
  type RegisterAnswer,
  type RegisterEntry,
} from '../../core/site/register.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An error as gRPC numbers them. */
export interface EtcdError {
  readonly code: number;
  readonly message: string;
}

const MESSAGE_MAX = 200;

/** Codes after which nothing was done, and the same again would fare no better. */
const REFUSALS: readonly number[] = [3, 5, 7, 8, 9, 12, 16];

/** The answer's fields; `undefined` for what is no object of JSON. */
export const parseFields = (text: string): Fields | undefined => {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
};

export interface EtcdOrigin {
  readonly cluster: string;
  readonly member: string;
}

/** Which member of which cluster an answer is of. */
export const originOf = (fields: Fields): EtcdOrigin => {
  const header = fieldsOf(fields['header']);
  return { cluster: idOf(header?.['cluster_id']), member: idOf(header?.['member_id']) };
};

/** What is zero is left out. */
const idOf = (id: unknown): string => (typeof id === 'string' && /^\d{1,20}$/.test(id) ? id : '0');

/** The error that the answer tells of. */
export const errorOf = (fields: Fields): EtcdError | undefined => {
  const { code, message = fields['error'] } = fields;
  if (typeof message !== 'string') return undefined;
  const plain = message.replace(/[^\x20-\x7e]/g, '?').slice(0, MESSAGE_MAX);
  return { code: typeof code === 'number' ? code : 2, message: plain };
};

/** What an error means for who has asked. */
export const errorToAnswer = ({ code, message }: EtcdError, origin: string): RegisterAnswer => {
  const sentence = `${origin} answers: ${message.replace(/\.$/, '')}.`;
  return { kind: REFUSALS.includes(code) ? 'refused' : 'silent', sentence };
};

/** `undefined` where this is no answer to an ask with so many reads. */
export const fieldsToAnswer = (
  fields: Fields,
  reads: number,
  prefix: string,
): RegisterAnswer | undefined => {
  const header = fieldsOf(fields['header']);
  const revision = numberOf(header?.['revision']);
  if (revision === undefined) return undefined;
  const ranges = listOf(fields['responses'])
    .map((one) => fieldsOf(fieldsOf(one)?.['response_range']))
    .filter((one) => one !== undefined);
  if (ranges.length !== reads) return undefined;
  const entries = new Map<string, RegisterEntry>();
  for (const range of ranges) {
    for (const raw of listOf(range['kvs'])) {
      const entry = entryOf(raw, prefix);
      if (entry === undefined) return undefined;
      entries.set(entry.key, entry);
    }
    if (entries.size <= REGISTER_ENTRIES_MAX) continue;
    return { kind: 'refused', sentence: `The site has more than ${REGISTER_ENTRIES_MAX} records.` };
  }
  const isDone = fields['succeeded'] === true;
  const by = header && answererIn(header);
  return { kind: 'transacted', isDone, revision, entries: [...entries.values()], ...by };
};

/** Which of etcd's members answers, and since which election of its leader. */
const answererIn = ({ member_id, raft_term }: Fields): { readonly by: string } | undefined => {
  const isTold = [member_id, raft_term].every((one) => /^\d{1,20}$/.test(String(one)));
  return isTold ? { by: `${member_id}/${raft_term}` } : undefined;
};

const entryOf = (raw: unknown, prefix: string): RegisterEntry | undefined => {
  const fields = fieldsOf(raw);
  const key = bytesOf(fields?.['key']);
  const value = bytesOf(fields?.['value'] ?? '');
  const revision = numberOf(fields?.['mod_revision']);
  if (key === undefined || value === undefined || revision === undefined) return undefined;
  const name = new TextDecoder().decode(key);
  if (!name.startsWith(prefix) || value.length > REGISTER_VALUE_MAX) return undefined;
  return { key: name.slice(prefix.length), value, revision };
};

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Numbers of 64 bits come as digits; none that is used is above 2⁵³. */
const numberOf = (value: unknown): number | undefined => {
  const number =
    typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : undefined;
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
};

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const bytesOf = (value: unknown): Uint8Array | undefined =>
  typeof value === 'string' && value.length % 4 === 0 && BASE64.test(value)
    ? new Uint8Array(Buffer.from(value, 'base64'))
    : undefined;
