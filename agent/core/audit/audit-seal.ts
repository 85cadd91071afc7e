/** Where the audit's chain begins and ends, signed with the agent's key. */

import { concatBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { SIGNATURE_SIZE } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import { AUDIT_HASH_SIZE } from './audit-record.ts';

/** `head`: the newest record. `start`: the newest of those that were given up for want of room. */
export type SealKind = 'head' | 'start';

export interface AuditSeal {
  readonly sequence: number;
  readonly hash: Uint8Array;
  readonly at: EpochSeconds;
}

const RECORD_VERSION = 1;

const signedBytes = (kind: SealKind, payload: Uint8Array): Uint8Array =>
  concatBytes(utf8ToBytes(`usher audit ${kind} 1\0`), payload);

const payloadOf = ({ sequence, hash, at }: AuditSeal): Uint8Array => pack([sequence, hash, at]);

/** The signature by which others can know that the agent has said so. */
export const signSeal = (
  kind: SealKind,
  seal: AuditSeal,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array => primitives.sign(signedBytes(kind, payloadOf(seal)), keys);

export const encodeSeal = (
  kind: SealKind,
  seal: AuditSeal,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array => pack([RECORD_VERSION, payloadOf(seal), signSeal(kind, seal, keys, primitives)]);

/** The seal, or `undefined` where this key has not signed it. */
export const openSeal = (
  kind: SealKind,
  bytes: Uint8Array,
  publicKey: Uint8Array,
  primitives: Primitives,
): AuditSeal | undefined => {
  const fields = new Fields(unpack(bytes));
  const version = fields.uint();
  const payload = fields.bytesUpTo(128);
  const signature = fields.bytes(SIGNATURE_SIZE);
  if (!fields.complete || version !== RECORD_VERSION) return undefined;
  if (!primitives.verify(signedBytes(kind, payload), signature, publicKey)) return undefined;
  const inner = new Fields(unpack(payload));
  const seal = {
    sequence: inner.uint(),
    hash: inner.bytes(AUDIT_HASH_SIZE),
    at: epochSeconds(inner.uint()),
  };
  return inner.complete ? seal : undefined;
};
