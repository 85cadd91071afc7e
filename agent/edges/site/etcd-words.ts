/** The register's asks in the words of etcd's JSON gateway. Keys and values are base64 there. */

import {
  REGISTER_ENTRIES_MAX,
  type RegisterAsk,
  type RegisterRead,
  type RegisterWrite,
} from '../../core/site/register.ts';

/** Where asks are posted to. */
export const ASK_PATH = '/v3/kv/txn';

/** What to post for `ask`; `prefix` goes before its keys. */
export const askToEtcd = ({ compares, writes, reads }: RegisterAsk, prefix: string): string => {
  const read = reads.map((one) => ({ request_range: rangeOf(one, prefix) }));
  return JSON.stringify({
    compare: compares.map(({ key, revision, orLater }) => ({
      key: base64(prefix + key),
      target: 'MOD',
      result: orLater === true ? 'GREATER' : 'EQUAL',
      mod_revision: String(orLater === true ? revision - 1 : revision),
    })),
    success: [...writes.map((write) => writeOf(write, prefix)), ...read],
    failure: read,
  });
};

const writeOf = ({ key, value, isPrefix }: RegisterWrite, prefix: string) => {
  if (isPrefix === true) return { request_delete_range: below(prefix + key) };
  const place = base64(prefix + key);
  return value === null
    ? { request_delete_range: { key: place } }
    : { request_put: { key: place, value: Buffer.from(value).toString('base64') } };
};

/** All keys that begin so. */
const below = (prefix: string) => {
  const from = Buffer.from(prefix, 'utf8');
  return { key: from.toString('base64'), range_end: after(from).toString('base64') };
};

const rangeOf = (read: RegisterRead, prefix: string) => ({
  ...below(prefix + read.prefix),
  min_mod_revision: String(read.since),
  // One more than is taken, so that too many are seen to be.
  limit: String(REGISTER_ENTRIES_MAX + 1),
});

/** The first key behind all that begin so. No byte of UTF-8 is 255. */
const after = (prefix: Buffer): Buffer => {
  const end = Buffer.from(prefix);
  const last = end.length - 1;
  end[last] = (end[last] ?? 0) + 1;
  return end;
};

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
