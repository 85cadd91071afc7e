/** A seat in the application's hands. */

import type { LeaseId } from '../ids.ts';
import type { License } from '../license.ts';
import type { AgentSeen } from './seat-events.ts';
import type { Explanation } from './sentences.ts';

/** What an application can hear about its seat. */
export type SeatNews =
  /** The agent answers again, or a renewal came through after a silence. */
  | { readonly kind: 'held'; readonly until: Date }
  /** The agent does not answer; the seat is still held until then. */
  | { readonly kind: 'unreachable'; readonly until: Date }
  /** The seat is held no more. What follows is the application's decision. */
  | { readonly kind: 'lost'; readonly explanation: Explanation };

export interface Seat extends AsyncDisposable {
  readonly id: LeaseId;
  readonly product: string;
  /** The class of the seat that was given; `generic` seats serve any class. */
  readonly class: string;
  /** The vendor's license behind it, checked. */
  readonly license: License;
  /** The public key that signed the license, in base64. */
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
  /** Aborted when the seat is lost, with the explanation's sentence as its reason. */
  readonly lost: AbortSignal;
  /** Calls back on news; returns a function that stops it. */
  onNews(listener: (news: SeatNews) => void): () => void;
  /** Gives the seat back; resolves when the agent knows, or does not answer. Safe to call again. */
  release(): Promise<void>;
}
