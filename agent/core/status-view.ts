/** The agent at a glance: what lends, who holds, and what is wrong. */

import type { EpochSeconds } from '../../protocol/units.ts';
import type { MasterView } from './activation/master-view.ts';
import type { ReachView } from './discovery/reach.ts';
import type { HostVerdict } from './host/host-verdict.ts';
import type { HostView } from './host/host-view.ts';
import type { EndingView } from './licenses/ending-view.ts';
import type { RulesView } from './rules/rules-view.ts';
import type { SiteStandingView } from './site/site-standing-view.ts';

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
  /** Whether this is the agent's own computer. */
  readonly hostIdentity: HostView['standing'];
  /** Addresses at which an agent with this one's key was heard. */
  readonly twins: readonly string[];
  /** The masters, and parents, that its licenses name. */
  readonly masters: readonly MasterView[];
  /** Where clients reach it. */
  readonly reach: ReachView;
  /** `null` where it is a site by itself. */
  readonly site: SiteStandingView | null;
  readonly products: readonly ProductView[];
  readonly licenses: number;
  /** What ends within 30 days or has ended, the first one first. */
  readonly endings: readonly EndingView[];
  readonly leases: number;
  /** Of these, those that were taken along, and those whose applications say that they are not used. */
  readonly borrowed: number;
  readonly idle: number;
  /** Who waits for a seat. */
  readonly waiting: number;
  readonly sessions: number;
  readonly store: 'working' | 'failing';
  /** Why it is failing. */
  readonly storeTrouble: string | null;
  /** Seconds for which no seat is lent anew, as leases may be held that are not known; else `null`. */
  readonly holdsOff: number | null;
  readonly clock: ClockView;
  readonly rules: Pick<RulesView, 'inForce' | 'lastGood' | 'faults'> & { readonly count: number };
  readonly counters: Readonly<Record<string, number>>;
}
