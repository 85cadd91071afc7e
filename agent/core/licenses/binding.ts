/** What the documents of the vendor and the parents make of a license. */

import type { SignedActivation } from '../../../protocol/activation.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';

/** An activation that counts here, while its dates allow. */
export interface Bound {
  readonly signed: SignedActivation;
  /** With the grace; `null` for never. */
  readonly ends: EpochSeconds | null;
  /** From when on its end is told of; by default its last quarter. */
  readonly notice?: EpochSeconds;
}

/** What the documents make of a license, whatever the date. */
export interface Binding {
  readonly revoked: boolean;
  readonly suspended: boolean;
  /** The key that it is signed with is revoked. */
  readonly invalid: boolean;
  /** It lends no more: it is being given back, or was, or was taken by the vendor. */
  readonly returned: boolean;
  readonly vendor: Bound | undefined;
  readonly emergency: Bound | undefined;
}

export const UNBOUND: Binding = {
  revoked: false,
  suspended: false,
  invalid: false,
  returned: false,
  vendor: undefined,
  emergency: undefined,
};
