/** What a seat's session is given. */

import type { Primitives } from '../primitives.ts';
import type { SeatWish } from '../requests.ts';

export interface SeatSessionOptions {
  readonly wish: SeatWish;
  /** Stand in line, at every agent that has one, while there is no seat. */
  readonly wait: boolean;
  /** Look for a seat again when one was lost by time or chance; true unless said otherwise. */
  readonly regain?: boolean;
  /** The vendors' keys that the application trusts; `null` believes any signer. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  /** How long to look for an agent, in milliseconds; who stands in line has all the time. */
  readonly patience: number;
  /** 32 random bytes: the session's X25519 secret. Fresh, or see `firstNumber`. */
  readonly secret: Uint8Array;
  /** 16 fresh random bytes: names this search, so that old offers are not taken for answers. */
  readonly nonce: Uint8Array;
  readonly primitives: Primitives;
  /** Proofs of licenses seen before, by hash; shared by the seats of one application. */
  readonly documents: Map<string, Uint8Array>;
  /** Above every `lastNumber` of earlier sessions of the same secret, perhaps in other processes. */
  readonly firstNumber?: number;
}
