/** A text of a site as its register keeps it, and back: passwords are sealed, the others lie there as they are. */

import type { Primitives } from '../../../protocol/primitives.ts';
import { assert } from '../../../protocol/result.ts';
import { CHARTER_TEXT_MAX, type CharterKind, type CharterText } from './charter-record.ts';
import { openForSite, SEALED_MAX, sealForSite } from './site-seal.ts';

/** `undefined`: it cannot be read, or not before the site's secret is known. */
export const openText = (
  kind: CharterKind,
  read: CharterText | null | undefined,
  secret: Uint8Array | undefined,
  primitives: Primitives,
): CharterText | null | undefined => {
  if (kind !== 'sign-in' || read === undefined) return read;
  if (secret === undefined || read === null) return secret && null;
  const bytes = openForSite(read.bytes, secret, primitives);
  return bytes && { ...read, bytes };
};

/** `undefined`: it is too long. */
export const closeText = (
  kind: CharterKind,
  bytes: Uint8Array,
  secret: Uint8Array | undefined,
  primitives: Primitives,
): Uint8Array | undefined => {
  if (kind !== 'sign-in') return bytes.length <= CHARTER_TEXT_MAX ? bytes : undefined;
  assert(secret !== undefined, 'charter: passwords are known, and their secret is not');
  if (bytes.length > SEALED_MAX) return undefined;
  return sealForSite(bytes, secret, primitives);
};
