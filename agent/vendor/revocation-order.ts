/** What a vendor types to revoke issuing keys. Code: WRONG_USAGE. */

import { bytesToHex, equalBytes } from '../../protocol/bytes.ts';
import { REVOKED_KEYS_MAX } from '../../protocol/limits.ts';
import type { Revocations } from '../../protocol/revocations.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import { readIssuer } from './certificate-order.ts';
import { wrong } from './order-words.ts';

/**
 * The revocations of the keys in `issuers` (base64, with commas between) and of those that were revoked
 * before: who knows the newer ones forgets the earlier. `root`: the vendor's public key.
 */
export const revocationsFromOrder = (
  issuers: string | undefined,
  earlier: Revocations | undefined,
  root: Uint8Array,
  now: EpochSeconds,
): Revocations => {
  const named = (issuers ?? '').split(',').map((text) => readIssuer(text.trim()));
  if (named.some((key) => equalBytes(key, root))) {
    throw wrong('--issuer is the root key itself: whoever trusts it can be told nothing by it.');
  }
  const all = [...(earlier?.keys ?? []), ...named];
  const keys = [...new Map(all.map((key) => [bytesToHex(key), key])).values()];
  if (keys.length > REVOKED_KEYS_MAX) {
    throw wrong(`At most ${REVOKED_KEYS_MAX} keys can be revoked: make a new root key.`);
  }
  return { issued: now, number: Math.max(now, (earlier?.number ?? 0) + 1), keys };
};
