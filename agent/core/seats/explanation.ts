/** Why a wish would or would not be granted now: plain data. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { LicenseType } from '../../../protocol/license.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { LicenseState } from '../licenses/license-standing.ts';
import type { RuleExplanation } from '../rules/explain-rules.ts';
import type { SeatView, WaiterView } from './seat-view.ts';

/** A license of the product, and whether it covers the wish. */
export interface LicenseExplained {
  readonly id: LicenseId;
  readonly type: LicenseType;
  readonly state: LicenseState;
  /** Why it lends nothing for this wish, free seats or not; `null` where it does. */
  readonly refusal: RefusalCode | null;
}

/** How many seats a limit or a reservation counts now, of so many. */
export interface RuleCount {
  readonly line: number;
  readonly held: number;
  readonly most: number;
}

export interface Explanation {
  /** Why there is no seat; `null` where there is one. */
  readonly refusal: RefusalCode | null;
  /** It would be a seat that this user or host has already. */
  readonly shared: boolean;
  /** It would be a seat beyond the licensed count. */
  readonly overdraft: boolean;
  /** Seats that could serve the wish: in use, and in all. */
  readonly inUse: number;
  readonly seats: number;
  /** Free seats that rules keep for others. */
  readonly withheld: number;
  readonly licenses: readonly LicenseExplained[];
  /** Line by line. */
  readonly rules: readonly RuleExplanation[];
  readonly counts: readonly RuleCount[];
  /** Who holds seats of the product: the first of `held`. */
  readonly holders: readonly SeatView[];
  readonly held: number;
  /** Who waits for the same seats, in order. */
  readonly waiters: readonly WaiterView[];
}
