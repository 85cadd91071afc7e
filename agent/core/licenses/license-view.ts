/** Licenses as people see them: plain data, and why one was not taken. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { License, Meter, PoolGrant } from '../../../protocol/license.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { Evidence } from '../host/evidence.ts';
import type { HostVerdict } from '../host/host-verdict.ts';
import type { OtherHost } from '../host/host-view.ts';
import type { LicenseState } from './license-standing.ts';

export interface PoolView extends PoolGrant {
  /** Seats now, as the stages say; of a member of a site those of its part. */
  readonly licensed: number;
  /** Those that all members of a site have together; as many where there is no other member. */
  readonly shared: number;
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

/** What binds a license to this agent. */
export interface ActivationView {
  readonly by: 'vendor' | 'emergency';
  readonly issued: EpochSeconds;
  /** It must be refreshed before; `null` for never. */
  readonly until: EpochSeconds | null;
  /** It lends until then, with the grace of the license; `null` for ever. */
  readonly ends: EpochSeconds | null;
}

export interface LicenseView extends Omit<License, 'pools' | 'meters' | 'hostCode'> {
  readonly hostCode: string | null;
  readonly state: LicenseState;
  readonly refusal: RefusalCode | null;
  /** The host as it was judged, where it is why the license lends nothing. */
  readonly refusedHost: RefusedHost | null;
  /** In what this computer differs from the one it is for, where that is why. */
  readonly otherHost: OtherHost | null;
  /** The key id of its vendor's root key. */
  readonly signer: string;
  /** A parent gave it: a child license. */
  readonly isChild: boolean;
  /** When it ends, with its trial; `null` for never. */
  readonly ends: EpochSeconds | null;
  /** The license that took its place. */
  readonly successor: LicenseId | null;
  /** The resource that the administrator has activated it for. */
  readonly activatedFor: string | null;
  /** The activation by which it lends. */
  readonly activated: ActivationView | null;
  /** Before when an emergency may begin; `null` where none may. */
  readonly emergencyBefore: EpochSeconds | null;
  /** When the emergency that it had on this computer ends, or has ended. */
  readonly emergencyUntil: EpochSeconds | null;
  /** The vendor's last words on it. */
  readonly vendorSays: string | null;
  /** Since when it is about to be given back. */
  readonly returning: EpochSeconds | null;
  /** Its receipt is made. */
  readonly returned: boolean;
  /** Why it is in its state. */
  readonly reason: string;
  /** What the administrator can do; `null` where nothing needs to be done. */
  readonly remedy: string | null;
  /** When that changes next, as far as it is known; `null` for never. */
  readonly nextChange: EpochSeconds | null;
  readonly lent: number;
  readonly pools: readonly PoolView[];
  readonly meters: readonly MeterView[];
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
  'certificate-use': 'The license was signed with a key that may not sign licenses.',
  'certificate-date': 'The license was signed with a key that was not valid on that day.',
  'bad-chain': 'The child license does not lead to its vendor: ask the parent for it anew.',
  'wrong-key': 'The license was signed with another key than those that are to be trusted.',
  duplicate: 'This license is here already.',
  'shelf-full': 'This agent holds as many licenses as it can: remove old ones first.',
} as const;

export type LicenseFault = keyof typeof LICENSE_FAULTS;

export interface LicenseAdded {
  readonly added: LicenseView | null;
  readonly fault: LicenseFault | null;
}
