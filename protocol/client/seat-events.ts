/** What a seat's session hears, does and tells: closed unions, so that every edge handles all. */

import type { Endpoint } from '../endpoint.ts';
import type { VersionRange } from '../offers.ts';
import type { RefusalCode } from '../refusal.ts';
import type { SignedLicense } from '../signed-license.ts';
import type { Instant } from '../units.ts';

export type SeatEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'datagram'; readonly from: Endpoint; readonly bytes: Uint8Array }
  /** The time that a `wake-at` effect asked for has come, or may have. */
  | { readonly kind: 'wake' }
  /** The application is done with the seat, or does not want it any more. */
  | { readonly kind: 'release' };

export type SeatEffect =
  | { readonly kind: 'send'; readonly to: Endpoint; readonly bytes: Uint8Array }
  /** Send to every place where an agent may be: broadcast addresses and those given by hand. */
  | { readonly kind: 'ask-around'; readonly bytes: Uint8Array }
  /** Replaces the one asked for before. */
  | { readonly kind: 'wake-at'; readonly at: Instant }
  | { readonly kind: 'state'; readonly state: SeatState };

/** The agent that a seat is of, or that refused one. */
export interface AgentSeen {
  readonly name: string;
  readonly endpoint: Endpoint;
}

/** Why the license behind a seat was not believed. */
export type Distrust =
  | 'not-proven'
  | 'forged'
  | 'other-vendor'
  | 'other-product'
  | 'expired'
  | 'not-activated';

export type SeatState =
  | { readonly kind: 'seeking' }
  | {
      readonly kind: 'held';
      readonly agent: AgentSeen;
      readonly class: string;
      readonly license: SignedLicense;
      /** The seat is believed in before this instant. */
      readonly until: Instant;
    }
  /** Still held, but the agent does not answer; lost at `until` unless it does. */
  | { readonly kind: 'unreachable'; readonly agent: AgentSeen; readonly until: Instant }
  /** Held no more: what the agent said, or `not-renewed` when the term ran out. */
  | { readonly kind: 'lost'; readonly agent: AgentSeen; readonly code: RefusalCode | 'not-renewed' }
  | { readonly kind: 'released' }
  | { readonly kind: 'failed'; readonly failure: SeatFailure };

/** Why no seat was found. Of several agents' reasons the one that says most. */
export type SeatFailure =
  | { readonly kind: 'no-agent' }
  | {
      readonly kind: 'refused';
      readonly agent: AgentSeen;
      readonly code: RefusalCode;
      readonly inUse: number;
      readonly seats: number;
    }
  | { readonly kind: 'untrusted'; readonly agent: AgentSeen; readonly reason: Distrust }
  | { readonly kind: 'no-common-version'; readonly agent: AgentSeen; readonly theirs: VersionRange }
  | { readonly kind: 'silent'; readonly agent: AgentSeen }
  | { readonly kind: 'too-long' };
