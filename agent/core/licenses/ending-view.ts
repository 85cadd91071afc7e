/** The end of a license, an activation or an emergency, as people are told of it. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { Ending } from './license-note.ts';

export interface EndingView {
  readonly license: LicenseId;
  readonly product: string;
  readonly what: Ending;
  readonly ends: EpochSeconds;
  /** Begun days until then; zero: it has ended. */
  readonly days: number;
}
