/** What an administrator can ask for, by command line or console, and what is answered: plain data. */

import type { LeaseId, LicenseId } from '../../protocol/ids.ts';
import type { License, PoolGrant } from '../../protocol/license.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { HostVerdict } from './host/host-verdict.ts';
import type { LicenseState } from './license-standing.ts';

export type Operation =
  | { readonly kind: 'status' }
  /** Documents out of one paste or file, already taken out of their armor. */
  | { readonly kind: 'license-add'; readonly documents: readonly Uint8Array[] }
  | { readonly kind: 'license-list' }
  /** `id`: a license id or the start of one that fits only it. */
  | { readonly kind: 'license-show'; readonly id: string }
  | { readonly kind: 'license-remove'; readonly id: string }
  | { readonly kind: 'seat-list' }
  /** `force`: lend the seat again at once, on the word that its application does not run. */
  | { readonly kind: 'seat-disconnect'; readonly id: string; readonly force: boolean };

export interface PoolView extends PoolGrant {
  readonly lent: number;
}

export interface LicenseView extends Omit<License, 'pools'> {
  readonly state: LicenseState;
  readonly refusal: RefusalCode | null;
  readonly signer: string;
  readonly pools: readonly PoolView[];
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

/** Why one of several licenses was not taken. */
export type LicenseFault =
  | 'malformed'
  | 'other-kind'
  | 'newer-format'
  | 'bad-signature'
  | 'wrong-key'
  | 'duplicate'
  | 'shelf-full';

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
