/** What an administrator can ask for, by command line or console, and what is answered: plain data. */

import type { LicenseId } from '../../protocol/ids.ts';
import type { License, Meter, PoolGrant } from '../../protocol/license.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { Result } from '../../protocol/result.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import type { Explanation } from './explanation.ts';
import type { Evidence } from './host/evidence.ts';
import type { HostVerdict } from './host/host-verdict.ts';
import type { LicenseState } from './license-standing.ts';
import type { RulesChange } from './rules/edit-rules.ts';
import type { RuleFault, RuleLine } from './rules/rule.ts';
import type { SeatView, WaiterView } from './seat-view.ts';

export type { Explanation, LicenseExplained } from './explanation.ts';
export type { Evidence } from './host/evidence.ts';
export type { RulesChange } from './rules/edit-rules.ts';
export type { RuleFault } from './rules/rule.ts';
export type { SeatView, WaiterView } from './seat-view.ts';

export type Operation =
  | { readonly kind: 'status' }
  /** A paste or a file's text with one license block or several. */
  | { readonly kind: 'license-add'; readonly text: string }
  | { readonly kind: 'license-list' }
  /** `id`: a license id or the start of one that fits only it. */
  | { readonly kind: 'license-show'; readonly id: string }
  | { readonly kind: 'license-remove'; readonly id: string }
  | { readonly kind: 'seat-list' }
  | { readonly kind: 'seat-queue' }
  /** `force`: lend the seat again at once, on the word that its application does not run. */
  | { readonly kind: 'seat-disconnect'; readonly id: string; readonly force: boolean }
  /** `product`: `null` for every one. */
  | { readonly kind: 'user-list'; readonly product: string | null }
  /** `product`: `null` for the only one that has a named license. */
  | {
      readonly kind: 'user-assign';
      readonly product: string | null;
      readonly class: string;
      readonly users: readonly string[];
    }
  /** `users`: `null` for all of them. `force`: as for `seat-disconnect`. */
  | {
      readonly kind: 'user-recall';
      readonly product: string | null;
      readonly class: string;
      readonly users: readonly string[] | null;
      readonly force: boolean;
    }
  | { readonly kind: 'resource-list' }
  | {
      readonly kind: 'resource-add';
      readonly names: readonly string[];
      readonly customer: string | null;
    }
  /** `customer`: `null` leaves it as it is. */
  | {
      readonly kind: 'resource-activate';
      readonly name: string;
      readonly license: string;
      readonly customer: string | null;
    }
  | { readonly kind: 'resource-remove'; readonly name: string }
  | { readonly kind: 'rules-show' }
  /** The rules' file as it stands, with its comments. */
  | { readonly kind: 'rules-text' }
  /** Puts `text` in the place of the rules' file, which must still read `was`, and takes it up. */
  | { readonly kind: 'rules-write'; readonly text: string; readonly was: string }
  /** Takes up the rules' file again. */
  | { readonly kind: 'rules-reload' }
  /** Changes the rules' file and takes it up. */
  | { readonly kind: 'rules-edit'; readonly change: RulesChange }
  | { readonly kind: 'clock-reset' }
  /** Takes up the settings again, as far as they can be changed while the agent runs. */
  | { readonly kind: 'config-reload' }
  /**
   * What this wish would get now, and why. `address`: where it would come from; `rules`: the text of
   * rules to try instead of those in force.
   */
  | {
      readonly kind: 'explain';
      readonly wish: SeatWish;
      readonly address: string | null;
      readonly rules: string | null;
    };

/** How much one operation may carry: names of users and of resources, and characters of rules. */
export const OPERATION_LIMITS = { users: 100_000, resources: 10_000, rules: 262_144 } as const;

/** Puts a file of rules in force: what it says, or why it cannot be read. */
export interface RulesApply {
  readonly kind: 'rules-apply';
  readonly file: Result<string, readonly RuleFault[]>;
}

/**
 * What the core does. The rules' file is its keeper's, who alone asks to have it applied, and so are
 * the settings.
 */
export type CoreOperation =
  | Exclude<
      Operation,
      {
        readonly kind:
          | 'rules-text'
          | 'rules-write'
          | 'rules-reload'
          | 'rules-edit'
          | 'config-reload';
      }
    >
  | RulesApply;

export interface PoolView extends PoolGrant {
  /** Seats now, as the stages say. */
  readonly licensed: number;
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

export interface LicenseView extends Omit<License, 'pools' | 'meters' | 'hostCode'> {
  readonly hostCode: string | null;
  readonly state: LicenseState;
  readonly refusal: RefusalCode | null;
  /** The host as it was judged, where it is why the license lends nothing. */
  readonly refusedHost: RefusedHost | null;
  readonly signer: string;
  /** When it ends, with its trial; `null` for never. */
  readonly ends: EpochSeconds | null;
  /** The license that took its place. */
  readonly successor: LicenseId | null;
  /** The resource that the administrator has activated it for. */
  readonly activatedFor: string | null;
  readonly lent: number;
  readonly pools: readonly PoolView[];
  readonly meters: readonly MeterView[];
}

export interface UserView {
  readonly product: string;
  readonly class: string;
  readonly user: string;
  readonly since: EpochSeconds;
  /** Whether there is a seat for it; else it waits, as there are fewer seats than users now. */
  readonly effective: boolean;
  /** Where it has a seat in use. */
  readonly hosts: readonly string[];
}

export interface ResourceView {
  readonly name: string;
  readonly customer: string | null;
  readonly added: EpochSeconds;
  readonly licenses: readonly LicenseId[];
  readonly lent: number;
  readonly seats: number;
}

export interface RulesView {
  /** Those in force, by the lines of the file. */
  readonly lines: readonly RuleLine[];
  /** `false`: there were none to take up since the agent has started, so that nothing is lent. */
  readonly inForce: boolean;
  /** What is wrong with the file as it was seen last: it was not taken up. */
  readonly faults: readonly RuleFault[];
  /** Rules that do nothing yet. */
  readonly warnings: readonly RuleFault[];
}

export interface ClockView {
  /** Seconds by which this computer's clock is behind the latest time seen; zero while it is not. */
  readonly behind: number;
  /** What licenses are judged by. */
  readonly judged: EpochSeconds;
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
  /** Why it is failing. */
  readonly storeTrouble: string | null;
  /** Seconds for which no seat is lent anew, as leases may be held that are not known; else `null`. */
  readonly holdsOff: number | null;
  readonly clock: ClockView;
  readonly rules: Pick<RulesView, 'inForce' | 'faults'> & { readonly count: number };
  readonly counters: Readonly<Record<string, number>>;
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
  'wrong-key': 'The license was signed with another key than those that are to be trusted.',
  duplicate: 'This license is here already.',
  'shelf-full': 'This agent holds as many licenses as it can: remove old ones first.',
} as const;

export type LicenseFault = keyof typeof LICENSE_FAULTS;

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
  | { readonly kind: 'seat-queue'; readonly waiters: readonly WaiterView[] }
  | { readonly kind: 'user-list'; readonly users: readonly UserView[] }
  /** `already`: those who were assigned before, or were named twice. */
  | {
      readonly kind: 'user-assign';
      readonly product: string;
      readonly class: string;
      readonly assigned: readonly string[];
      readonly already: readonly string[];
      /** Users now, of so many seats. */
      readonly users: number;
      readonly seats: number;
    }
  /** `ended`: their seats in use, which come back as for `seat-disconnect`. */
  | {
      readonly kind: 'user-recall';
      readonly product: string;
      readonly class: string;
      readonly recalled: readonly string[];
      readonly unknown: readonly string[];
      readonly ended: readonly SeatView[];
      readonly freed: boolean;
    }
  | { readonly kind: 'resource-list'; readonly resources: readonly ResourceView[] }
  | { readonly kind: 'resource-add'; readonly resources: readonly ResourceView[] }
  | { readonly kind: 'resource-activate'; readonly resource: ResourceView }
  /** As it was. */
  | { readonly kind: 'resource-remove'; readonly resource: ResourceView }
  | { readonly kind: 'rules-show'; readonly rules: RulesView }
  | { readonly kind: 'rules-apply'; readonly rules: RulesView }
  | { readonly kind: 'rules-reload'; readonly rules: RulesView }
  | { readonly kind: 'rules-edit'; readonly rules: RulesView }
  | { readonly kind: 'rules-write'; readonly rules: RulesView }
  | { readonly kind: 'rules-text'; readonly file: string; readonly text: string }
  | { readonly kind: 'clock-reset'; readonly clock: ClockView }
  | { readonly kind: 'explain'; readonly explanation: Explanation }
  /** Names of settings: those that hold now, and those that will when the agent is started again. */
  | {
      readonly kind: 'config-reload';
      readonly changed: readonly string[];
      readonly needRestart: readonly string[];
    }
  | { readonly kind: 'refused'; readonly code: OperationRefusal; readonly detail: string };

/** Why an administrator's operation is refused. */
export type OperationRefusal =
  | RefusalCode
  /** What is to be added is here already. */
  | 'exists'
  /** One agent keeps no more of these. */
  | 'too-many'
  /** The license cannot be activated for this resource, or for none. */
  | 'other-resource'
  /** The rules' file is not as it was taken up, or cannot be written. */
  | 'rules-changed'
  | 'rules-unwritten'
  /** The settings have a fault, and are as they were. */
  | 'faulty-settings';

export const refuseOperation = (code: OperationRefusal, detail: string): Outcome => ({
  kind: 'refused',
  code,
  detail,
});

/** Refuses an id that fits nothing, or more than one thing. */
export const noMatch = (noun: string, id: string, fits: number): Outcome =>
  refuseOperation(
    'no-match',
    fits > 1
      ? `${fits} ${noun}s begin with "${id}": type more of it.`
      : `No ${noun} begins with "${id}".`,
  );
