/** Seats that somebody believes to have, wherever the belief comes from. */

import type { LicenseId } from '../../protocol/ids.ts';

export interface Belief {
  /** Who believes, for people. */
  readonly name: string;
  /** The true time at which the belief ends by itself. */
  readonly until: number;
  /** One of the licenses that the seat is of: it tells which agent lent it. */
  readonly license: LicenseId;
  /** The session's name: the X25519 key under which the lease is kept. */
  readonly clientKey: Uint8Array;
  /** The key of the lease's record in its agent's store. */
  readonly storeKey: string;
}
