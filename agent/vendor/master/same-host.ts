/** Whether two host codes are of one computer, however each of them is written. */

import { equalBytes } from '../../../protocol/bytes.ts';
import { keyHostCode, matchHostCode } from '../../../protocol/host-code.ts';
import type { Primitives } from '../../../protocol/primitives.ts';

/**
 * As much as must have stayed the same (host-code.ts). The same code to the byte is the same
 * computer, also where it tells little: an agent that sees no hardware is known by its key.
 */
export const isSameHost = (
  known: Uint8Array,
  present: Uint8Array,
  root: Uint8Array,
  { sha512 }: Primitives,
): boolean => {
  if (equalBytes(known, present)) return true;
  const [one, other] = [known, present].map((code) => keyHostCode(code, root, sha512));
  return one !== undefined && other !== undefined && matchHostCode(one, other).matches;
};
