/** Fetches the proofs that a borrowed seat needs and that are not here yet. */

import { bytesToHex } from '../bytes.ts';
import { nativePrimitives } from '../node/native-primitives.ts';
import type { SeatPart } from '../replies.ts';
import { hashDocument } from '../signed-document.ts';
import type { ErrandDriver } from './errand-driver.ts';

/** The proofs of these parts: those that are here, and the others from the agent. */
export const fetchMissing = async (
  errand: ErrandDriver,
  parts: readonly SeatPart[],
  known: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> => {
  const proofs = new Map(
    known.map((one) => [bytesToHex(hashDocument(one, nativePrimitives)), one]),
  );
  const needed = new Map<string, Uint8Array>();
  for (const { document } of parts) {
    const hash = bytesToHex(document);
    const found = proofs.get(hash) ?? needed.get(hash) ?? (await errand.fetch(document));
    if (found !== undefined) needed.set(hash, found);
  }
  return [...needed.values()];
};
