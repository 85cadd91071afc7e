/** Where the master's log begins and ends, signed with the master's key. */

import { concatBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { KEY_SIZE, SIGNATURE_SIZE } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { AUDIT_HASH_SIZE } from './audit-line.ts';

/** A line by its number, and the hash that stands for it and all before it. */
interface End {
  readonly number: number;
  readonly hash: Uint8Array;
}

/** `start`: the last line that was given up for want of room; number 0 where none was. */
export interface AuditEnds {
  readonly start: End;
  readonly last: End;
}

const ENDS_VERSION = 1;
const PAYLOAD_MAX = 128;

const signedBytes = (payload: Uint8Array): Uint8Array =>
  concatBytes(utf8ToBytes('usher master audit 1\0'), payload);

export const encodeEnds = (
  { start, last }: AuditEnds,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array => {
  const payload = pack([start.number, start.hash, last.number, last.hash]);
  const signature = primitives.sign(signedBytes(payload), keys);
  return pack([ENDS_VERSION, payload, keys.publicKey, signature]);
};

/** The ends with the key that has signed them; `undefined` where it has not. */
export const openEnds = (
  bytes: Uint8Array,
  primitives: Primitives,
): (AuditEnds & { readonly signer: Uint8Array }) | undefined => {
  const fields = new Fields(unpack(bytes.slice()));
  const version = fields.uint();
  const payload = fields.bytesUpTo(PAYLOAD_MAX);
  const signer = fields.bytes(KEY_SIZE);
  const signature = fields.bytes(SIGNATURE_SIZE);
  if (!fields.complete || version !== ENDS_VERSION) return undefined;
  if (!primitives.verify(signedBytes(payload), signature, signer)) return undefined;
  const inner = new Fields(unpack(payload));
  const end = (): End => ({ number: inner.uint(), hash: inner.bytes(AUDIT_HASH_SIZE).slice() });
  const ends = { start: end(), last: end(), signer };
  return inner.complete ? ends : undefined;
};
