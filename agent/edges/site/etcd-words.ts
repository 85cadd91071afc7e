/** The register's asks in the words of etcd's JSON gateway. Keys and values are base64 there. */

import { unreachable } from '../../../protocol/result.ts';
import {
  REGISTER_ENTRIES_MAX,
  type RegisterAsk,
  type RegisterRead,
  type RegisterWrite,
} from '../../core/site/register.ts';

export interface EtcdWords {
  readonly path: string;
  readonly body: string;
  /** Said twice, it does no more than said once. */
  readonly isRepeatable: boolean;
}

/** What to ask for `ask`; `prefix` goes before its keys. */
export const askToEtcd = (ask: RegisterAsk, prefix: string): EtcdWords => {
  switch (ask.kind) {
    case 'transact':
      return {
        path: '/v3/kv/txn',
        body: JSON.stringify(transaction(ask, prefix)),
        isRepeatable: ask.writes.length === 0,
      };
    case 'grant-lease':
      // One that was granted unheard ends by itself.
      return words('/v3/lease/grant', { TTL: String(ask.ttl) });
    case 'keep-alive':
      return words('/v3/lease/keepalive', { ID: ask.lease });
    case 'revoke-lease':
      return words('/v3/lease/revoke', { ID: ask.lease });
    default:
      return unreachable(ask);
  }
};

const words = (path: string, body: unknown): EtcdWords => ({
  path,
  body: JSON.stringify(body),
  isRepeatable: true,
});

const transaction = (
  { compares, writes, reads }: Extract<RegisterAsk, { kind: 'transact' }>,
  prefix: string,
) => {
  const read = reads.map((one) => ({ request_range: rangeOf(one, prefix) }));
  return {
    compare: compares.map(({ key, revision }) => ({
      key: base64(prefix + key),
      target: 'MOD',
      result: 'EQUAL',
      mod_revision: String(revision),
    })),
    success: [...writes.map((write) => writeOf(write, prefix)), ...read],
    failure: read,
  };
};

const writeOf = ({ key, value, lease }: RegisterWrite, prefix: string) => {
  const place = base64(prefix + key);
  return value === null
    ? { request_delete_range: { key: place } }
    : {
        request_put: {
          key: place,
          value: Buffer.from(value).toString('base64'),
          ...(lease === null ? {} : { lease }),
        },
      };
};

const rangeOf = ({ prefix: below, since }: RegisterRead, prefix: string) => {
  const from = Buffer.from(prefix + below, 'utf8');
  return {
    key: from.toString('base64'),
    range_end: after(from).toString('base64'),
    min_mod_revision: String(since),
    // One more than is taken, so that too many are seen to be.
    limit: String(REGISTER_ENTRIES_MAX + 1),
  };
};

/** The first key behind all that begin so. No byte of UTF-8 is 255. */
const after = (prefix: Buffer): Buffer => {
  const end = Buffer.from(prefix);
  const last = end.length - 1;
  end[last] = (end[last] ?? 0) + 1;
  return end;
};

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
