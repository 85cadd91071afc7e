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

/** An activation that an agent gives itself, once, when nobody can be reached. */
export interface EmergencyTerms {
  /** How long it may last, at most five days. */
  readonly longest: Seconds;
  /** It must begin within this time after the license was issued. */
  readonly window: Seconds;
}

/** An activation ends unless it is refreshed. */
export interface RefreshTerms {
  /** How long the vendor activates for at a time. */
  readonly every: Seconds;
  /** How much longer an agent lends when nobody can be reached. */
  readonly grace: Seconds;
}

/** How the vendor binds a license to agents before they lend it. */
export interface ActivationTerms {
  /** On how many agents it is active at a time, 1 to 1,000. */
  readonly agents: number;
  /** `null` where it is not allowed. */
  readonly emergency: EmergencyTerms | null;
  /** `null` where an activation lasts for ever. */
  readonly refresh: RefreshTerms | null;
  /** Where the vendor's master answers, `http://` or `https://`; `null` where there is none. */
  readonly master: string | null;
}

/** Whether a text can be the address of a master: printable ASCII that begins with its scheme. */
export const isMasterUrl = (text: string): boolean => /^https?:\/\/[!-~]+$/.test(text);

/** How far an agent may pass seats on to agents of its own clients (child-license.ts). */
export interface ChildrenTerms {
  /** Child licenses at a time, 1 to 1,000. */
  readonly most: number;
  /** Generations of them: 1 for children without children of their own, at most 4. */
  readonly depth: number;
}

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
  /** `null` for one that lends without. */
  readonly activation: ActivationTerms | null;
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
  /** `null` where its agent may create no child licenses. */
  readonly children: ChildrenTerms | null;
}
