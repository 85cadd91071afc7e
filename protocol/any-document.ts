/** Documents of more than one kind, as they come in a response. */

import { openActivation, type SignedActivation } from './activation.ts';
import { openChild, type SignedChild } from './child-license.ts';
import type { Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';
import { openRevocations, type SignedRevocations } from './revocations.ts';
import { type DocumentFault, documentKind } from './signed-document.ts';
import { openLicense, type SignedLicense } from './signed-license.ts';
import { openStanding, type SignedStanding } from './standing.ts';

/** What a vendor, or a parent, sends to an agent. */
export type IssuedDocument =
  | { readonly kind: 'license'; readonly signed: SignedLicense }
  | { readonly kind: 'activation'; readonly signed: SignedActivation }
  | { readonly kind: 'child'; readonly signed: SignedChild }
  | { readonly kind: 'standing'; readonly signed: SignedStanding }
  | { readonly kind: 'revocations'; readonly signed: SignedRevocations };

const opened = <Kind extends IssuedDocument['kind'], T>(
  kind: Kind,
  result: Result<T, DocumentFault>,
): Result<{ readonly kind: Kind; readonly signed: T }, DocumentFault> =>
  result.ok ? ok({ kind, signed: result.value }) : result;

/** Reads a document of whichever kind, and checks its signature; any other is `other-kind`. */
export const openIssued = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<IssuedDocument, DocumentFault> => {
  switch (documentKind(bytes)) {
    case undefined:
      return err('malformed');
    case 'license':
      return opened('license', openLicense(bytes, primitives));
    case 'child':
      return opened('child', openChild(bytes, primitives));
    case 'activation':
      return opened('activation', openActivation(bytes, primitives));
    case 'standing':
      return opened('standing', openStanding(bytes, primitives));
    case 'revocations':
      return opened('revocations', openRevocations(bytes, primitives));
    case 'borrowing':
    case 'certificate':
    case 'request':
    case 'response':
    case 'receipt':
      return err('other-kind');
  }
};

/** All the documents of a response, or the first fault: they are taken in as a whole or not at all. */
export const openAllIssued = (
  documents: readonly Uint8Array[],
  primitives: Primitives,
): Result<readonly IssuedDocument[], DocumentFault> => {
  const found: IssuedDocument[] = [];
  for (const bytes of documents) {
    const one = openIssued(bytes, primitives);
    if (!one.ok) return one;
    found.push(one.value);
  }
  return ok(found);
};
