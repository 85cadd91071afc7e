/** Reads what a parent has answered: the newer child licenses, each with its chain to the vendor. */

import type { IssuedDocument } from '../../../protocol/any-document.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import type { SignedChild } from '../../../protocol/child-license.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { CHILDREN_DEPTH_MAX } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { type ChildProof, makeProof, openChildProof } from '../../../protocol/proof.ts';
import { answererOf } from '../licenses/any-license.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';

type Of<K extends IssuedDocument['kind']> = Extract<IssuedDocument, { kind: K }>['signed'];

const ofKind = <K extends IssuedDocument['kind']>(
  documents: readonly IssuedDocument[],
  kind: K,
): readonly Of<K>[] => documents.flatMap((one) => (one.kind === kind ? [one.signed as Of<K>] : []));

/**
 * The newest text of a child license among documents; `undefined` where there is none, or one that is no
 * newer, or that proves nothing.
 */
export const newerChild = (
  shelved: ShelvedLicense,
  documents: readonly IssuedDocument[],
  primitives: Primitives,
): ChildProof | undefined => {
  const known = shelved.line?.children.at(-1)?.child;
  if (known === undefined) return undefined;
  const proof = assemble(shelved.license.id, documents);
  const opened = proof && openChildProof(proof, null, primitives);
  if (opened === undefined || !opened.ok) return undefined;
  const last = opened.value.children.at(-1);
  const isNewer = last !== undefined && last.child.number > known.number;
  const isSame =
    last !== undefined &&
    equalBytes(last.signer, answererOf(shelved)) &&
    equalBytes(opened.value.vendor, shelved.vendor);
  return isNewer && isSame ? opened.value : undefined;
};

/** The proof of a child license, from documents in any order. */
const assemble = (id: LicenseId, documents: readonly IssuedDocument[]): Uint8Array | undefined => {
  const all = ofKind(documents, 'child');
  const children: SignedChild[] = [];
  let next = all.find(({ child }) => child.id === id);
  while (next !== undefined && children.length < CHILDREN_DEPTH_MAX) {
    children.unshift(next);
    const { of } = next.child;
    next = all.find(({ child }) => child.id === of);
  }
  const root = children[0]?.child.of;
  const license = ofKind(documents, 'license').find((one) => one.license.id === root);
  const activation = ofKind(documents, 'activation').find((one) => one.activation.license === root);
  if (license === undefined || activation === undefined) return undefined;
  const revocations = ofKind(documents, 'revocations').find(({ vendor }) =>
    equalBytes(vendor, license.vendor),
  );
  return makeProof(license.bytes, {
    activation: activation.bytes,
    children: children.map(({ bytes }) => bytes),
    ...(revocations === undefined ? {} : { revocations: revocations.bytes }),
  });
};

/** What a later text of a child license changes, in a word. */
export const whatHasCome = (
  { line }: ShelvedLicense,
  { children }: ChildProof,
): 'activated' | 'renewed' | 'suspended' | 'resumed' | 'revoked' => {
  const before = line?.children.at(-1)?.child;
  const after = children.at(-1)?.child;
  if (after?.state !== before?.state) {
    if (after?.state === 'removed') return 'revoked';
    return after?.state === 'suspended' ? 'suspended' : 'resumed';
  }
  return before?.agent === null && before.hostCode === null ? 'activated' : 'renewed';
};
