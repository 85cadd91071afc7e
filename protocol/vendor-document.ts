/**
 * Documents that a vendor signs, with the root key or with one that it certified. Whom they are from
 * is the root in both cases: that key is trusted, pinned and compared, never the one that signed.
 */

import {
  type Certificate,
  type CertifiedUse,
  openCertificate,
  type SignedCertificate,
} from './certificate.ts';
import { KEY_SIZE } from './limits.ts';
import type { Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';
import { type DocumentFault, type DocumentKind, openDocument } from './signed-document.ts';
import type { EpochSeconds } from './units.ts';

/** What a certified key must be certified for, to sign such a document. */
const USES = {
  license: 'licenses',
  activation: 'activations',
  response: 'activations',
  standing: 'standings',
} as const satisfies Partial<Record<DocumentKind, CertifiedUse>>;
type VendorKind = keyof typeof USES;

/** By whom a document is. */
export interface VendorOrigin {
  /** The vendor's root key (Ed25519). Whether to trust it is the reader's decision. */
  readonly vendor: Uint8Array;
  /** Of the key that signed; `null` where the root key itself did. */
  readonly certificate: Certificate | null;
}

/** A document, read. */
export interface VendorDocument<T> extends VendorOrigin {
  readonly content: T;
  readonly bytes: Uint8Array;
}

/** The key that signed: the certified one, or the root key itself. */
export const issuingKey = ({ vendor, certificate }: VendorOrigin): Uint8Array =>
  certificate?.key ?? vendor;

/**
 * Reads a document, checks its signature and, where the signer is a certificate, that chain to the
 * root key: the use, and that it was issued between the certificate's dates. `parse` answers
 * `undefined` for a payload that does not fit.
 */
export const openVendorDocument = <T extends { readonly issued: EpochSeconds }>(
  kind: VendorKind,
  bytes: Uint8Array,
  primitives: Primitives,
  parse: (payload: Uint8Array, version: number) => T | undefined,
): Result<VendorDocument<T>, DocumentFault> => {
  let chain: SignedCertificate | undefined;
  const document = openDocument(kind, bytes, primitives, (signer) => {
    if (signer.length === KEY_SIZE) return ok(signer);
    const opened = openCertificate(signer, primitives);
    if (!opened.ok) return opened.error === 'other-kind' ? err('malformed') : opened;
    chain = opened.value;
    return ok(chain.certificate.key);
  });
  if (!document.ok) return document;
  const content = parse(document.value.payload, document.value.version);
  if (content === undefined) return err('malformed');
  if (chain === undefined) {
    return ok({ content, vendor: document.value.signer, certificate: null, bytes });
  }
  const { certificate, root } = chain;
  if (!certificate.uses.includes(USES[kind])) return err('certificate-use');
  const isDated = content.issued >= certificate.starts && content.issued < certificate.ends;
  return isDated ? ok({ content, vendor: root, certificate, bytes }) : err('certificate-date');
};
