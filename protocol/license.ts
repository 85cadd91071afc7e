/** The license: what a vendor signs for a customer. It is never edited; its text has one reading. */

import type { AppVersions } from './app-version.ts';
import type { LicenseId } from './ids.ts';
import type { Stage } from './stages.ts';
import type { EpochSeconds, Seconds } from './units.ts';

/**
 * `floating`: seats shared by anyone. `named`: a seat for each user whom the administrator assigned.
 * `server`: no user limit; switches its features on for every seat of the product on this agent.
 * `standalone`: for one computer, which needs no agent.
 */
export const LICENSE_TYPES = ['floating', 'named', 'server', 'standalone'] as const;
export type LicenseType = (typeof LICENSE_TYPES)[number];

/** What makes one seat: every process has its own, or those of one user or one host share it. */
export const COUNTINGS = ['process', 'user', 'host'] as const;
export type Counting = (typeof COUNTINGS)[number];

/** The seats of one class. Seats of class `generic` serve a request for any class, and last. */
export interface PoolGrant {
  readonly class: string;
  readonly seats: number;
  /** Seats beyond the count that the vendor tolerates; they are marked and reported. */
  readonly overdraft: number;
  readonly stages: readonly Stage[];
}

export const GENERIC_CLASS = 'generic';

/** A license of this resource is for whichever one the administrator activates it for. */
export const ANY_RESOURCE = '*';

/** A countable allowance: runs, hours, pages. */
export interface Meter {
  readonly name: string;
  readonly allowance: number;
}

/** How many seats may be borrowed at a time, and for how long. */
export interface BorrowGrant {
  readonly seats: number;
  readonly longest: Seconds;
}

/** What the vendor wants done on a host that is not plain hardware. */
export const HOST_RULES = ['refuse', 'allow'] as const;
export type HostRule = (typeof HOST_RULES)[number];
/** In a container, `host` asks what the machine beneath it is and follows the rule for that. */
export const CONTAINER_RULES = ['refuse', 'allow', 'host'] as const;
export type ContainerRule = (typeof CONTAINER_RULES)[number];

/** Whether the vendor must bind it to one agent before it lends. */
export const ACTIVATIONS = ['required', 'none'] as const;

export interface License {
  readonly id: LicenseId;
  readonly type: LicenseType;
  readonly product: string;
  readonly customer: string;
  readonly issued: EpochSeconds;
  /** Seats are lent from this date on. */
  readonly starts: EpochSeconds;
  /** Seats are lent before this date; `null` for ever. */
  readonly expires: EpochSeconds | null;
  /** It ends this long after its first use, once per agent; `null` when it is no trial. */
  readonly trial: Seconds | null;
  /** How long a lease lasts unless renewed, 10 to 86,400 s. */
  readonly term: Seconds;
  /** At least one for `floating` and `named`; none for `server` and `standalone`. */
  readonly pools: readonly PoolGrant[];
  readonly counting: Counting;
  readonly features: readonly string[];
  readonly versions: AppVersions;
  /** Versions released before this date are covered, and go on for ever; `null` for all. */
  readonly maintenance: EpochSeconds | null;
  /** The customer's database or project it is tied to, `*` for one of the administrator's choice. */
  readonly resource: string | null;
  readonly meters: readonly Meter[];
  readonly borrow: BorrowGrant | null;
  /** Earlier licenses of the same vendor and product whose place it takes. */
  readonly supersedes: readonly LicenseId[];
  readonly activation: (typeof ACTIVATIONS)[number];
  readonly hosts: {
    readonly virtual: HostRule;
    readonly container: ContainerRule;
    readonly unknown: HostRule;
  };
  /**
   * The only computer on which it is worth anything (host-code.ts): always that of a `standalone`
   * license, for the other types that of the agent; `null` for none in particular.
   */
  readonly hostCode: Uint8Array | null;
}
