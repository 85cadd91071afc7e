/** What an administrator can ask for about the activation of licenses, and what is answered. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { LicenseView } from '../licenses/license-view.ts';
import type { Credentials } from './credentials.ts';
import type { MasterFailure } from './master-answer.ts';

export type ActivationOperation =
  /**
   * Asks the masters of licenses to activate them. `ids`: each a license id or the start of one that
   * fits only it; none: every license here that asks for an activation and has none.
   */
  | {
      readonly kind: 'license-activate';
      readonly ids: readonly string[];
      readonly credentials: Credentials | null;
    }
  /** The same as text to carry to the vendor. */
  | { readonly kind: 'license-request'; readonly ids: readonly string[] }
  /** Takes in what a vendor has answered: a text with one response block or several. */
  | { readonly kind: 'license-response'; readonly text: string }
  /** Activates a license for some days with nobody's help, once. */
  | { readonly kind: 'license-emergency'; readonly id: string }
  /** Asks the masters for whatever is new. `ids`: none: of every license that names a master. */
  | { readonly kind: 'license-refresh'; readonly ids: readonly string[] }
  /** Gives a license back, so that it can be activated elsewhere. `online`: tells its master. */
  | {
      readonly kind: 'license-deactivate';
      readonly id: string;
      readonly online: boolean;
      readonly credentials: Credentials | null;
    }
  /** The text of a license, as the vendor has signed it. */
  | { readonly kind: 'license-export'; readonly id: string }
  /** Licenses that were removed and can be restored. */
  | { readonly kind: 'license-removed' }
  /** Takes back that a license was removed, or is about to be given back. */
  | { readonly kind: 'license-restore'; readonly id: string };

/**
 * What came of one license. `added`: it is new here; `renewed`: it has a later activation;
 * `unchanged`: what was said of it is known; `refused`: the vendor does not activate it.
 */
export interface ActivationResult {
  readonly license: LicenseId;
  readonly what:
    | 'activated'
    | 'renewed'
    | 'unchanged'
    | 'added'
    | 'suspended'
    | 'resumed'
    | 'revoked'
    | 'freed'
    | 'refused';
  /** The vendor's words, where there are any. */
  readonly sentence: string | null;
  /** As it is now; `null` for one that is not here. */
  readonly view: LicenseView | null;
}

/** What came of asking: a master that did not answer leaves all as it was. */
export interface ActivationOutcome {
  readonly results: readonly ActivationResult[];
  readonly failures: readonly MasterFailure[];
}

/** A request to carry to a vendor. */
export interface RequestView {
  /** The key id of the vendor's root key. */
  readonly vendor: string;
  readonly licenses: readonly LicenseId[];
  /** The block. */
  readonly text: string;
}

export interface RemovedView {
  readonly license: LicenseId;
  readonly product: string;
  readonly customer: string;
  readonly removed: EpochSeconds;
  /** It can be restored before then. */
  readonly until: EpochSeconds;
}

export type ActivationOutcomes =
  | ({ readonly kind: 'license-activate' } & ActivationOutcome)
  | ({ readonly kind: 'license-response' } & ActivationOutcome)
  | ({ readonly kind: 'license-refresh' } & ActivationOutcome)
  | { readonly kind: 'license-request'; readonly requests: readonly RequestView[] }
  | { readonly kind: 'license-emergency'; readonly license: LicenseView }
  /**
   * `receipt`: what is to be carried to the vendor, its block behind that of a request; `null` while seats of it are still held, `lent` of them, the
   * last one until `until` unless its client renews no more. `told`: the master has it.
   */
  | {
      readonly kind: 'license-deactivate';
      readonly license: LicenseView;
      readonly receipt: string | null;
      readonly lent: number;
      readonly until: EpochSeconds | null;
      readonly told: boolean;
      readonly failures: readonly MasterFailure[];
    }
  | { readonly kind: 'license-export'; readonly license: LicenseView; readonly text: string }
  | { readonly kind: 'license-removed'; readonly licenses: readonly RemovedView[] }
  | { readonly kind: 'license-restore'; readonly license: LicenseView };

/** Why an operation about activation is refused. */
export type ActivationRefused =
  /** The license lends without. */
  | 'needs-no-activation'
  /** It is active here. */
  | 'already-active'
  /** The license names no master. */
  | 'no-master'
  /** One request asks for 32 licenses at most. */
  | 'too-many-licenses'
  /** The license allows no emergency, or not any more, or it had its one. */
  | 'emergency-forbidden'
  | 'emergency-late'
  | 'emergency-spent'
  /** A response that cannot be read, or is not signed by the vendor of the licenses. */
  | 'no-response'
  | 'forged-response'
  | 'other-vendor'
  /** It is for another agent, an earlier request of this one, or one that this one does not know. */
  | 'other-agent'
  | 'older-request'
  | 'other-request'
  /** It brings more licenses than the agent can hold. */
  | 'shelf-full';
