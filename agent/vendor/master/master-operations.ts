/** What people ask of a master, and what it answers: the vendor's staff, and its customers. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { License, PoolGrant } from '../../../protocol/license.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { AuditReport } from './audit-check.ts';
import type { AuditLine } from './audit-line.ts';
import type { AccountRole, Customer } from './customer.ts';
import type { IssuedState, Policy } from './issued-license.ts';
import type { Decision, Petition } from './petition.ts';
import type { PlaceState } from './place.ts';

/** `superseded` and `expired` follow from its successor and its dates. */
export const LICENSE_STATES = [
  'active',
  'suspended',
  'revoked',
  'superseded',
  'expired',
] as const satisfies readonly (IssuedState | string)[];
export type LicenseState = (typeof LICENSE_STATES)[number];

/** What to look for; `null` for whatever it may be. */
export interface LicenseSearch {
  /** An id, or a part of a name. */
  readonly customer: string | null;
  /** A part of a name. */
  readonly product: string | null;
  /** A part of a name of customer, product or project, or the beginning of an id. */
  readonly text?: string | null;
  /** The beginning of an id. */
  readonly number: string | null;
  /** `current`: any but those whose place another has taken. */
  readonly state: LicenseState | 'current' | null;
}

/** So many rows from this one on, in a list that begins with the newest. */
export interface Page {
  readonly from: number;
  /** At most. */
  readonly most: number;
}

/** Rows of one answer at most. */
export const ROWS_MAX = 5000;

/** What a license is to be. */
export interface IssueOrder {
  readonly customer: string;
  readonly policy: Policy;
  readonly expands: LicenseId | null;
  readonly terms: Omit<License, 'id'>;
}

export type MasterOperation =
  | { readonly kind: 'status' }
  | { readonly kind: 'clock-confirm' }
  | { readonly kind: 'customer-add'; readonly name: string; readonly mail: string }
  /** `page`: without one, as many as one answer has. So with every list. */
  | { readonly kind: 'customer-list'; readonly text: string; readonly page?: Page }
  /** Makes an account, or gives it another password. */
  | {
      readonly kind: 'account-set';
      readonly name: string;
      readonly role: AccountRole;
      readonly customer: string | null;
      readonly hash: string;
    }
  | { readonly kind: 'account-remove'; readonly name: string }
  /** Gives the asker's own account another password. */
  | { readonly kind: 'own-password'; readonly hash: string }
  /** `customer`: the id of whose they are; those of all where it is left out. */
  | { readonly kind: 'account-list'; readonly customer?: string | null; readonly page?: Page }
  | ({ readonly kind: 'license-issue' } & IssueOrder)
  /** Whether that would be issued; nothing is. */
  | ({ readonly kind: 'license-check' } & IssueOrder)
  /** Licenses that were signed elsewhere, as text. */
  | {
      readonly kind: 'license-add';
      readonly customer: string | null;
      readonly policy: Policy;
      readonly text: string;
    }
  | ({ readonly kind: 'license-list'; readonly page?: Page } & LicenseSearch)
  | { readonly kind: 'license-show'; readonly license: LicenseId }
  /** The text of every license that is found and is worth something. */
  | ({ readonly kind: 'license-export' } & LicenseSearch)
  | {
      readonly kind: 'license-extend';
      readonly license: LicenseId;
      readonly expires: EpochSeconds | null;
    }
  | {
      readonly kind: 'license-seats';
      readonly license: LicenseId;
      readonly pools: readonly PoolGrant[];
    }
  | {
      readonly kind: 'license-standing';
      readonly license: LicenseId;
      readonly state: IssuedState;
      readonly reason: string;
    }
  | { readonly kind: 'license-policy'; readonly license: LicenseId; readonly policy: Policy }
  | { readonly kind: 'license-project'; readonly license: LicenseId; readonly project: string }
  /** `text`: a part of the name of computer, product or customer, or the beginning of an id. */
  | {
      readonly kind: 'activation-list';
      readonly license: LicenseId | null;
      readonly text?: string;
      readonly page?: Page;
    }
  /** `agent`: a key id, or the name of a computer. */
  | {
      readonly kind: 'activation-free';
      readonly license: LicenseId;
      readonly agent: string;
      readonly reason: string;
    }
  | { readonly kind: 'request-list'; readonly decision: Decision | null; readonly page?: Page }
  | {
      readonly kind: 'request-decide';
      readonly license: LicenseId;
      readonly agent: string;
      readonly decision: Exclude<Decision, 'open'>;
      readonly reason: string;
    }
  /**
   * Activation requests in a file that somebody brings. The vendor's staff may grant (`approves`) what is
   * left to its decision.
   */
  | { readonly kind: 'upload'; readonly text: string; readonly approves: boolean }
  | { readonly kind: 'revocations-add'; readonly text: string };

export interface LicenseSummary {
  readonly id: LicenseId;
  readonly product: string;
  readonly type: License['type'];
  /** The name in the license. */
  readonly customerName: string;
  /** `null` where it was not issued to one of the book. */
  readonly customer: string | null;
  readonly state: LicenseState;
  readonly reason: string;
  readonly policy: Policy;
  readonly pools: readonly PoolGrant[];
  readonly issued: EpochSeconds;
  readonly starts: EpochSeconds;
  readonly expires: EpochSeconds | null;
  /** On how many computers it may be active, zero where it needs no activation; and is. */
  readonly agents: number;
  readonly active: number;
  readonly project: string;
  readonly successor: LicenseId | null;
  readonly expands: LicenseId | null;
}

/** What a license says; of the computer that it is for alone, only that there is one. */
export type TermsView = Omit<License, 'id' | 'hostCode'> & { readonly isForOneHost: boolean };

/** `lapsed`: it has ended without a refresh, and the place is free again. */
export interface ActivationView {
  readonly license: LicenseId;
  readonly product: string;
  readonly customerName: string;
  /** The key id of the agent. */
  readonly agent: string;
  readonly hostName: string;
  readonly version: string;
  readonly state: PlaceState | 'lapsed';
  readonly ends: EpochSeconds | null;
  readonly since: EpochSeconds;
  readonly seen: EpochSeconds;
}

export type PetitionView = Omit<Petition, 'agent'> & {
  readonly agent: string;
  readonly product: string;
  readonly customerName: string;
};

/** `forbidden`: not with this account; `unknown`: there is none; `wrong`: it does not fit. */
export type MasterRefusal = 'forbidden' | 'unknown' | 'ambiguous' | 'wrong' | 'unavailable';

export interface MasterStatus {
  /** Why nobody is answered now; `null` where everybody is. */
  readonly trouble: string | null;
  readonly customers: number;
  readonly licenses: number;
  readonly activations: number;
  /** Requests on which somebody has to decide. */
  readonly open: number;
  /** The number of the last line of the audit. */
  readonly audit: number;
}

/** One block of a file that was brought. */
export interface UploadResult {
  /** `null` where there is no response. */
  readonly response: string | null;
  /** Licenses that it refuses. */
  readonly refusals: number;
  /** What came of it, for people. */
  readonly sentences: readonly string[];
}

export type MasterOutcome =
  | { readonly kind: 'refused'; readonly code: MasterRefusal; readonly sentence: string }
  | { readonly kind: 'done'; readonly sentence: string }
  | ({ readonly kind: 'status' } & MasterStatus)
  /** `total`: how many there are on all pages. */
  | {
      readonly kind: 'customers';
      readonly customers: readonly Customer[];
      readonly total: number;
    }
  | {
      readonly kind: 'accounts';
      readonly accounts: readonly AccountView[];
      readonly total: number;
    }
  | {
      readonly kind: 'licenses';
      readonly licenses: readonly LicenseSummary[];
      readonly total: number;
    }
  | {
      readonly kind: 'license';
      readonly license: LicenseSummary;
      readonly terms: TermsView;
      readonly text: string;
      readonly activations: readonly ActivationView[];
    }
  /** It would be issued, and would say this. */
  | { readonly kind: 'checked'; readonly terms: TermsView }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'activations';
      readonly activations: readonly ActivationView[];
      readonly total: number;
    }
  | {
      readonly kind: 'requests';
      readonly requests: readonly PetitionView[];
      readonly total: number;
    }
  | { readonly kind: 'uploaded'; readonly results: readonly UploadResult[] }
  /** The numbers of the first line that is kept, and of the last of all. */
  | {
      readonly kind: 'audit';
      readonly lines: readonly AuditLine[];
      readonly first: number;
      readonly last: number;
    }
  | { readonly kind: 'audit-check'; readonly report: AuditReport };

export interface AccountView {
  readonly name: string;
  readonly role: AccountRole;
  readonly customer: string | null;
}

/** Who asks. */
export interface Caller {
  /** For the log. */
  readonly name: string;
  readonly from: string;
  /** Whose account it is; `null` for staff, who may do everything. */
  readonly customer: string | null;
}

export const refused = (code: MasterRefusal, sentence: string): MasterOutcome => ({
  kind: 'refused',
  code,
  sentence,
});

export const done = (sentence: string): MasterOutcome => ({ kind: 'done', sentence });
