/** Who asks for which seat, and what is known where it is decided. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { ResourceRegister } from '../resources/resource-register.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import type { Limits } from '../site/limits.ts';
import type { NamedUsers } from '../site/named-users.ts';
import type { Reserves } from '../site/reserves.ts';
import type { BorrowTerms } from './borrow-terms.ts';
import type { LendingGate } from './lending-gate.ts';
import type { Roster } from './roster.ts';
import type { SeatClaims } from './seat-claims.ts';

export interface AllocationParts {
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
  readonly gate: Pick<LendingGate, 'refusal'>;
  readonly claims: Pick<SeatClaims, 'shared' | 'get' | 'tally' | 'reserved'>;
  readonly rules: RuleBook;
  /** What may be counted here of limits that are a whole site's. */
  readonly limits: Pick<Limits, 'mostOf'> | undefined;
  /** What is to be kept here of what is reserved for a whole site. */
  readonly reserves: Pick<Reserves, 'here' | 'taken'> | undefined;
  /** Who may have seats by name here, where a whole site counts them. */
  readonly named: Pick<NamedUsers, 'admits'> | undefined;
  readonly terms: BorrowTerms;
  readonly roster: Roster;
  readonly resources: ResourceRegister;
}

/** Licenses whose seats are not to be had, or all. */
export type Awaited = 'all' | ReadonlySet<LicenseId>;

/** Who asks for what, when and on which host. */
export interface Bid {
  readonly wish: SeatWish;
  readonly address: string | null;
  readonly wall: EpochSeconds;
  readonly host: JudgedHost;
  /** What others wait for who come first. */
  readonly awaited: Awaited;
}

export interface SeatCounts {
  readonly inUse: number;
  readonly seats: number;
}
