/** What an administrator can ask for, by command line or console, and what is answered: plain data. */

import type { LicenseId } from '../../protocol/ids.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { Result } from '../../protocol/result.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import type {
  ActivationOperation,
  ActivationOutcomes,
  ActivationRefused,
} from './activation/activation-operations.ts';
import type {
  CharterOffer,
  CharterOutcomes,
  CharterRefused,
  SiteLeave,
} from './charter/charter-operations.ts';
import type { ChildOperation, ChildOutcomes, ChildRefused } from './children/child-operations.ts';
import type { HostView } from './host/host-view.ts';
import type { LicenseAdded, LicenseView } from './licenses/license-view.ts';
import type { RulesChange } from './rules/edit-rules.ts';
import type { RuleFault } from './rules/rule.ts';
import type { RulesView } from './rules/rules-view.ts';
import type { Explanation } from './seats/explanation.ts';
import type { SeatView, WaiterView } from './seats/seat-view.ts';
import type {
  SiteDeaths,
  SiteForget,
  SiteOperation,
  SiteOutcomes,
  SiteRefused,
} from './site/site-operations.ts';
import type { ClockView, StatusView } from './status-view.ts';

export type {
  ActivationOutcome,
  ActivationResult,
  RemovedView,
  RequestView,
} from './activation/activation-operations.ts';
export type { Credentials } from './activation/credentials.ts';
export type { MasterView } from './activation/master-view.ts';
export type { AuditReport } from './audit/audit-check.ts';
export type { AuditLine } from './audit/audit-record.ts';
export type {
  ChildChange,
  ChildOperation,
  ChildPoolView,
  ChildView,
} from './children/child-operations.ts';
export type { Evidence } from './host/evidence.ts';
export type { HostPartView, HostView, OtherHost } from './host/host-view.ts';
export type { EndingView } from './licenses/ending-view.ts';
export {
  LICENSE_FAULTS,
  type LicenseAdded,
  type LicenseFault,
  type LicenseView,
  type MeterView,
  type PoolView,
  type RefusedHost,
} from './licenses/license-view.ts';
export type { RulesChange } from './rules/edit-rules.ts';
export type { RuleFault } from './rules/rule.ts';
export type { RulesView } from './rules/rules-view.ts';
export type { Explanation, LicenseExplained } from './seats/explanation.ts';
export type { SeatView, WaiterView } from './seats/seat-view.ts';
export type { SitePlan } from './site/site-plan.ts';
export type { SiteView } from './site/site-view.ts';
export type { ClockView, StatusView } from './status-view.ts';

export type Operation =
  | ChildOperation
  | ActivationOperation
  | SiteOperation
  | SiteLeave
  | SiteForget
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
  /** By what the agent's computer is told from others, and whether it is this one. */
  | { readonly kind: 'host-show' }
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
  /** Writes down calls to masters in full for so many hours, 168 at most; zero: no more. */
  | { readonly kind: 'log-record'; readonly hours: number }
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
  /** Rules that were in force before the agent has started, for a start on a faulty file. */
  readonly lastGood?: string;
}

/**
 * What the core does. The rules' file is its keeper's, who alone asks to have it applied; settings and
 * logs are not the core's either.
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
          | 'config-reload'
          | 'log-record'
          | SiteOperation['kind'];
      }
    >
  | CharterOffer
  | SiteDeaths
  | RulesApply;

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

export type Outcome =
  | ChildOutcomes
  | ActivationOutcomes
  | SiteOutcomes
  | CharterOutcomes
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
  | { readonly kind: 'host-show'; readonly host: HostView }
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
  | { readonly kind: 'log-record'; readonly calls: CallLogView }
  | { readonly kind: 'refused'; readonly code: OperationRefusal; readonly detail: string };

type Refused = Extract<Outcome, { readonly kind: 'refused' }>;

/** Where calls to masters are written down. */
export interface CallLogView {
  readonly file: string;
  /** Until when; `null`: they are not. */
  readonly until: EpochSeconds | null;
}

/** Why an administrator's operation is refused. */
export type OperationRefusal =
  | RefusalCode
  | ChildRefused
  | ActivationRefused
  | SiteRefused
  | CharterRefused
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

export const refuseOperation = (code: OperationRefusal, detail: string): Refused => ({
  kind: 'refused',
  code,
  detail,
});
