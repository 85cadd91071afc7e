/** What a seat's session hears, does and tells: closed unions, so that every edge handles all. */

import type { Endpoint } from '../endpoint.ts';
import type { VersionRange } from '../offers.ts';
import type { RefusalCode } from '../refusal.ts';
import type { SignedLicense } from '../signed-license.ts';
import type { Instant, Seconds } from '../units.ts';
import type { LineEffect } from './line-effect.ts';

export type SeatEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'datagram'; readonly from: Endpoint; readonly bytes: Uint8Array }
  /** The time that a `wake-at` effect asked for has come, or may have. */
  | { readonly kind: 'wake' }
  /** The application was last used so many seconds ago, zero for now; counted on from here. */
  | { readonly kind: 'idle'; readonly seconds: Seconds }
  /**
   * Take the seat along for `duration`, on the host of this code. Answered by the state `borrowed` or
   * `borrow-refused`; while one is on its way another is ignored.
   */
  | { readonly kind: 'borrow'; readonly duration: Seconds; readonly hostCode: Uint8Array }
  /** The application is done with the seat, or does not want it any more. */
  | { readonly kind: 'release' };

export type SeatEffect = LineEffect | { readonly kind: 'state'; readonly state: SeatState };

/** The agent that a seat is of, or that refused one. */
export interface AgentSeen {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Its X25519 key: which agent it is, wherever it is. */
  readonly key: Uint8Array;
}

/** Why the licenses behind a seat were not believed. */
export type Distrust =
  | 'not-proven'
  | 'forged'
  | 'other-vendor'
  | 'other-product'
  | 'pending'
  | 'expired'
  | 'not-activated'
  | 'standalone'
  | 'other-resource'
  | 'no-class'
  | 'no-feature'
  | 'no-version'
  | 'no-maintenance'
  | 'too-few';

/** The licenses behind a seat: one, unless the seat is made of parts of several. */
export type SeatLicenses = readonly [SignedLicense, ...SignedLicense[]];

/** Why a seat is held no more: what the agent said, or `not-renewed` when the term ran out. */
export type LossCode = RefusalCode | 'not-renewed';

export type SeatState =
  | { readonly kind: 'seeking' }
  /** In line at so many agents; at the best of them with so many before. */
  | { readonly kind: 'waiting'; readonly ahead: number; readonly agents: number }
  | {
      readonly kind: 'held';
      readonly agent: AgentSeen;
      /** Of the first part; `generic` for a license of type `server`. */
      readonly class: string;
      /** Beyond the license's count, as the vendor tolerates. */
      readonly overdraft: boolean;
      /** How many seats it is. */
      readonly weight: number;
      readonly licenses: SeatLicenses;
      /** The seat is believed in before this instant. */
      readonly until: Instant;
    }
  /** Still held, but the agent does not answer; lost at `until` unless it does. */
  | { readonly kind: 'unreachable'; readonly agent: AgentSeen; readonly until: Instant }
  /** Still held, but not renewed, for this reason: lost at `until` unless that changes. */
  | {
      readonly kind: 'ending';
      readonly agent: AgentSeen;
      readonly code: RefusalCode;
      readonly until: Instant;
    }
  /** Held no more from this instant. `regaining`: the session looks for another one by itself. */
  | {
      readonly kind: 'lost';
      readonly agent: AgentSeen;
      readonly code: LossCode;
      readonly regaining: boolean;
    }
  /** Taken along: the token is to be checked and kept. Believed in before `until`. */
  | { readonly kind: 'borrowed'; readonly token: Uint8Array; readonly until: Instant }
  /** The seat was not given along; if it was held it still is. */
  | { readonly kind: 'borrow-refused'; readonly code: RefusalCode }
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
