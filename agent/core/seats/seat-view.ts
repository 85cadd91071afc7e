/** Seats that are held and waited for, as people see them: plain data. */

import type { LeaseId, LicenseId } from '../../../protocol/ids.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';

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
  /** Seats that it counts as; those who share them say so together. */
  readonly weight: number;
  /** Who has the same number here has the same seats; `null` for who shares them with nobody. */
  readonly shared: number | null;
  readonly overdraft: boolean;
  /** Seconds since the last use, as far as its client says; zero while it is used. */
  readonly idle: number;
  /** Seconds of no use in all. */
  readonly idled: number;
  /** Until when it is borrowed. */
  readonly borrowed: number | null;
  readonly ending: RefusalCode | null;
}

export interface WaiterView {
  readonly product: string;
  readonly class: string;
  readonly resource: string | null;
  readonly user: string;
  readonly host: string;
  readonly process: number;
  readonly application: string;
  readonly address: string | null;
  readonly weight: number;
  readonly priority: number;
  /** Those who are served before, of the same seats. */
  readonly ahead: number;
  /** A seat is kept for it, which it takes within seconds. */
  readonly turn: boolean;
  /** Seconds that it has waited. */
  readonly waited: number;
}
