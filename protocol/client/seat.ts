/** A seat in the application's hands. */

import type { LeaseId } from '../ids.ts';
import type { License } from '../license.ts';
import type { AgentSeen } from './seat-events.ts';
import type { Explanation } from './sentences.ts';

/** What an application can hear about its seat. */
export type SeatNews =
  /** It is held (again): after a silence, after an ending that was taken back, after a loss. */
  | { readonly kind: 'held'; readonly until: Date }
  /** The agent does not answer; the seat is still held until then. */
  | { readonly kind: 'unreachable'; readonly until: Date }
  /** The seat is still held until then, but not renewed: time to save and say goodbye. */
  | { readonly kind: 'ending'; readonly explanation: Explanation; readonly until: Date }
  /**
   * The seat is held no more; what follows is the application's decision. `regaining`: a seat is
   * looked for again, and `held` tells when there is one; otherwise it is lost for good.
   */
  | { readonly kind: 'lost'; readonly explanation: Explanation; readonly regaining: boolean };

export interface Seat extends AsyncDisposable {
  readonly id: LeaseId;
  readonly product: string;
  /** The class of the seat that was given; `generic` seats serve any class. */
  readonly class: string;
  /** How many seats it is. */
  readonly weight: number;
  /** Whether it is beyond the license's count, as the vendor tolerates and will hear. */
  readonly overdraft: boolean;
  /** The vendor's licenses behind it, checked: one, unless the seat is made of parts of several. */
  readonly licenses: readonly [License, ...License[]];
  /** The public key of the vendor of the first license, in base64: its root key. */
  readonly signer: string;
  /** The agent that lends it; `null` for one that this computer's own license gives. */
  readonly agent: AgentSeen | null;
  /** Whether the seat is held at this very moment, also just after the computer has slept. */
  readonly isHeld: boolean;
  /**
   * Until when the seat is held if no further renewal comes through; the last date there is for one
   * that does not end.
   */
  readonly until: Date;
  /**
   * Aborted when the seat is lost for good, with the explanation's sentence as its reason: somebody
   * has taken it away, or it was lost and was acquired with `regain: false`. While a lost seat is
   * looked for it is not aborted: then the news `lost` and `isHeld` say that nothing is held.
   */
  readonly lost: AbortSignal;
  /** Calls back on news; returns a function that stops it. */
  onNews(listener: (news: SeatNews) => void): () => void;
  /**
   * Says how many seconds ago the application was last used, 0 for now; counted on from there. Who
   * never calls it is taken for used all the time. To be called when use begins again, and now and
   * then while it goes on: an administrator may give the seats of the unused to others.
   */
  reportIdle(seconds: number): void;
  /** Gives the seat back; resolves when the agent knows, or does not answer. Safe to call again. */
  release(): Promise<void>;
}
