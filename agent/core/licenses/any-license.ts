/** A license as it is stored and pasted: by its vendor, or by a parent with the chain to the vendor. */

import type { Primitives } from '../../../protocol/primitives.ts';
import { type ChildProof, openChildProof, type ProofFault } from '../../../protocol/proof.ts';
import { err, ok, type Result } from '../../../protocol/result.ts';
import { type DocumentFault, documentKind } from '../../../protocol/signed-document.ts';
import { openLicense, type SignedLicense } from '../../../protocol/signed-license.ts';

/** A license that can be put on the shelf. `line`: of a child license, what it is by; else `null`. */
export interface HeldLicense extends SignedLicense {
  readonly line: ChildProof | null;
}

export const ofVendor = (signed: SignedLicense): HeldLicense => ({ ...signed, line: null });

export const ofParent = (proof: ChildProof): HeldLicense => {
  const { license, vendor, certificate, bytes } = proof;
  return { license, vendor, certificate, bytes, line: proof };
};

/** Reads either; a child license is the array of its proof. */
export const openHeld = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<HeldLicense, DocumentFault | ProofFault> => {
  if (documentKind(bytes) !== undefined) {
    const opened = openLicense(bytes, primitives);
    return opened.ok ? ok(ofVendor(opened.value)) : opened;
  }
  const opened = openChildProof(bytes, null, primitives);
  if (opened.ok) return ok(ofParent(opened.value));
  // What is no array of documents at all is no license of any kind.
  return opened.error === 'forged' ? err('malformed') : opened;
};

/** Whom it is asked of: the key of the parent's agent, or the vendor's root key. */
export const answererOf = ({ vendor, line }: Pick<HeldLicense, 'vendor' | 'line'>): Uint8Array =>
  line?.children.at(-1)?.signer ?? vendor;
