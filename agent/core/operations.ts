/** What an administrator can ask for, by command line or console, and what is answered: plain data. */

import type { LeaseId, LicenseId } from '../../protocol/ids.ts';
import type { License, Meter, PoolGrant } from '../../protocol/license.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import type { Evidence } from './host/evidence.ts';
import type { HostVerdict } from './host/host-verdict.ts';
import type { LicenseState } from './license-standing.ts';

export type { Evidence } from './host/evidence.ts';

export type Operation =
  | { readonly kind: 'status' }
  /** A paste or a file's text with one license block or several. */
  | { readonly kind: 'license-add'; readonly text: string }
  | { readonly kind: 'license-list' }
  /** `id`: a license id or the start of one that fits only it. */
  | { readonly kind: 'license-show'; readonly id: string }
  | { readonly kind: 'license-remove'; readonly id: string }
  | { readonly kind: 'seat-list' }
  /** `force`: lend the seat again at once, on the word that its application does not run. */
  | { readonly kind: 'seat-disconnect'; readonly id: string; readonly force: boolean };

export interface PoolView extends PoolGrant {
  /** Seats now, as the stages say. */
  readonly licensed: number;
  readonly lent: number;
}

export interface MeterView extends Meter {
  readonly used: number;
}

export interface RefusedHost {
  readonly verdict: HostVerdict['verdict'];
  /** Whose rule refuses it: the vendor's in the license, or a setting of this agent. */
  readonly by: 'license' | 'settings';
  /** What decided, the weightiest first. */
  readonly evidence: readonly Evidence[];
  /** What the agent must be allowed to read before it can tell. */
  readonly unreadable: readonly string[];
}

export interface LicenseView extends Omit<License, 'pools' | 'meters' | 'hostCode'> {
  readonly hostCode: string | null;
  readonly state: LicenseState;
  readonly refusal: RefusalCode | null;
  /** The host as it was judged, where it is why the license lends nothing. */
  readonly refusedHost: RefusedHost | null;
  readonly signer: string;
  /** When it ends, with its trial; `null` for never. */
  readonly ends: EpochSeconds | null;
  /** The license that took its place. */
  readonly successor: LicenseId | null;
  /** The resource that the administrator has activated it for. */
  readonly activatedFor: string | null;
  readonly lent: number;
  readonly pools: readonly PoolView[];
  readonly meters: readonly MeterView[];
}

export interface SeatView {
  readonly id: LeaseId;
  readonly product: string;
  readonly class: string;
  readonly license: LicenseId;
  readonly user: string;
  readonly host: string;
  readonly process: number;
  readonly application: string;
  readonly address: string | null;
  /** Wall time, seconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** Seats that it counts as; those who share one say so together. */
  readonly weight: number;
  readonly overdraft: boolean;
  /** Until when it is borrowed. */
  readonly borrowed: number | null;
  readonly ending: RefusalCode | null;
}

export interface ProductView {
  readonly product: string;
  readonly lent: number;
  readonly seats: number;
}

export interface StatusView {
  readonly name: string;
  readonly version: string;
  readonly host: HostVerdict['verdict'];
  readonly products: readonly ProductView[];
  readonly licenses: number;
  readonly leases: number;
  readonly sessions: number;
  readonly store: 'working' | 'failing';
  readonly counters: Readonly<Record<string, number>>;
}

/** Why a license block was not taken, each with its sentence. */
export const LICENSE_FAULTS = {
  'no-block': 'No license block was found: copy everything from BEGIN to END, both lines included.',
  truncated: 'The block ends before its END line: copy all of it.',
  damaged:
    'The block was damaged on the way (its checksum differs): copy it again from the original.',
  'too-long': 'The text is too long to be a license.',
  malformed: 'The block is no license of a form that this version of Usher knows.',
  'other-kind': 'The block holds another kind of document, not a license.',
  'newer-format': 'The license has a newer format than this version of Usher knows: update it.',
  'bad-signature': 'The signature does not fit: the license was changed after it was signed.',
  'wrong-key': 'The license was signed with another key than those that are to be trusted.',
  duplicate: 'This license is here already.',
  'shelf-full': 'This agent holds as many licenses as it can: remove old ones first.',
} as const;

export type LicenseFault = keyof typeof LICENSE_FAULTS;

export interface LicenseAdded {
  readonly added: LicenseView | null;
  readonly fault: LicenseFault | null;
}

export type Outcome =
  | { readonly kind: 'status'; readonly status: StatusView }
  | { readonly kind: 'license-add'; readonly results: readonly LicenseAdded[] }
  | { readonly kind: 'license-list'; readonly licenses: readonly LicenseView[] }
  | { readonly kind: 'license-show'; readonly license: LicenseView }
  | { readonly kind: 'license-remove'; readonly license: LicenseView; readonly lent: number }
  | { readonly kind: 'seat-list'; readonly seats: readonly SeatView[] }
  /** `freed`: the seat can be lent now; else it comes back at `until`, or when its client hears. */
  | { readonly kind: 'seat-disconnect'; readonly seat: SeatView; readonly freed: boolean }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string };

/** Refuses an id that fits nothing, or more than one thing. */
export const noMatch = (noun: string, id: string, fits: number): Outcome => ({
  kind: 'refused',
  code: 'no-match',
  detail:
    fits > 1
      ? `${fits} ${noun}s begin with "${id}": type more of it.`
      : `No ${noun} begins with "${id}".`,
});
