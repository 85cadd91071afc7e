/** What people are told of the agent's computer. */

import type { HostKind } from '../../../protocol/host-component.ts';

/** One component of a computer, for people; no value is in it. */
export interface HostPartView {
  readonly kind: HostKind;
  readonly title: string;
  /** Its share of its kind's weight. */
  readonly weight: number;
  readonly strong: boolean;
  readonly matched: boolean;
}

export interface HostView {
  /** `own`; `other` than the agent's; `lost`: as in `KeptHost`; `unread`: not looked at yet. */
  readonly standing: 'own' | 'other' | 'lost' | 'unread';
  /** What the agent knew of its computer when it looked last. */
  readonly components: readonly HostPartView[];
}

/** Why a license is not for this computer. */
export interface OtherHost {
  /** Bound to another computer: this agent, with all that it holds, or the license by itself. */
  readonly bound: 'agent' | 'license';
  readonly components: readonly HostPartView[];
}
