/** Whether a license that an agent shows is one that the application's vendor signed for it. */

import { equalBytes } from '../bytes.ts';
import type { Primitives } from '../primitives.ts';
import { checkProof, type ProofQuestion, type ProvenLicense } from '../proof.ts';
import { err, type Result } from '../result.ts';
import { hashDocument } from '../signed-document.ts';
import type { EpochSeconds } from '../units.ts';
import type { Distrust } from './seat-events.ts';

export interface TrustQuestion extends Omit<ProofQuestion, 'wall'> {
  readonly product: string;
}

/** Checks one proof, whose hash a grant named; what its license is worth is for its reader. */
export const judgeLicense = (
  proof: Uint8Array,
  hash: Uint8Array,
  question: TrustQuestion,
  wall: EpochSeconds,
  primitives: Primitives,
): Result<ProvenLicense, Distrust> => {
  if (!equalBytes(hashDocument(proof, primitives), hash)) return err('not-proven');
  const proven = checkProof(proof, { ...question, wall }, primitives);
  if (!proven.ok) return proven;
  return proven.value.license.product === question.product ? proven : err('other-product');
};
