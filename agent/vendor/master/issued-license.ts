/** A license that this vendor has issued, and what has become of it. */

import { Fields } from '../../../protocol/fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from '../../../protocol/ids.ts';
import { DOCUMENT_MAX, LICENSE_ID_SIZE, SENTENCE_MAX, TEXT_MAX } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { openLicense, type SignedLicense } from '../../../protocol/signed-license.ts';
import { CUSTOMER_ID_MAX } from './customer.ts';
import type { RecordKind } from './record-table.ts';

/**
 * Who gets an activation: `first`, one computer at a time, whatever the license says; `agents`, as
 * many as the license says; `ask`, as many, but a person decides on each. Append-only.
 */
export const POLICIES = ['first', 'agents', 'ask'] as const;
export type Policy = (typeof POLICIES)[number];

/** Append-only. */
export const ISSUED_STATES = ['active', 'suspended', 'revoked'] as const;
export type IssuedState = (typeof ISSUED_STATES)[number];

export interface IssuedLicense {
  readonly signed: SignedLicense;
  /** Of the document. */
  readonly hash: Uint8Array;
  /** Whose it is; `null` where nobody has said. */
  readonly customer: string | null;
  readonly policy: Policy;
  readonly state: IssuedState;
  /** Why it is so, in the vendor's words. */
  readonly reason: string;
  /** The highest of the numbers given to its activations and standings; zero before any. */
  readonly number: number;
  /** The newest standing that is for all its agents, signed. */
  readonly standing: Uint8Array | null;
  /** The customer's own word for what it is used for. */
  readonly project: string;
  /** The license that took its place. */
  readonly successor: LicenseId | null;
  /** It goes to the agents of this one without being asked for, and adds to it. */
  readonly expands: LicenseId | null;
}

/** A text of the customer's, up to so many characters. */
export const PROJECT_MAX = TEXT_MAX;

export const issuedLicenses = (primitives: Primitives): RecordKind<IssuedLicense> => ({
  prefix: 'license/',
  keyOf: ({ signed }) => signed.license.id,
  toValue: (issued) => [
    issued.signed.bytes,
    issued.customer,
    POLICIES.indexOf(issued.policy),
    ISSUED_STATES.indexOf(issued.state),
    issued.reason,
    issued.number,
    issued.standing,
    issued.project,
    issued.successor === null ? null : licenseIdToBytes(issued.successor),
    issued.expands === null ? null : licenseIdToBytes(issued.expands),
  ],
  parse: (value) => {
    const fields = new Fields(value);
    const bytes = fields.bytesUpTo(DOCUMENT_MAX);
    const rest = {
      customer: fields.optional((field) => field.text(CUSTOMER_ID_MAX, 1)),
      policy: POLICIES[fields.uint(POLICIES.length - 1)] ?? 'ask',
      state: ISSUED_STATES[fields.uint(ISSUED_STATES.length - 1)] ?? 'revoked',
      reason: fields.text(SENTENCE_MAX),
      number: fields.uint(),
      standing: fields.optional((field) => field.bytesUpTo(DOCUMENT_MAX)),
      project: fields.text(PROJECT_MAX),
      successor: fields.optional(readId),
      expands: fields.optional(readId),
    };
    const signed = openLicense(bytes, primitives);
    if (!fields.valid || !signed.ok) return undefined;
    return { signed: signed.value, hash: hashDocument(bytes, primitives), ...rest };
  },
});

const readId = (fields: Fields): LicenseId => licenseId(fields.bytes(LICENSE_ID_SIZE));
