/** One run of a simulated application, from looking for a seat to its end. */

import type { SeatState } from '../../protocol/client/seat-events.ts';
import type { SeatSession } from '../../protocol/client/seat-session.ts';
import type { Endpoint } from '../../protocol/endpoint.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import type { SessionIdentity } from './errand-run.ts';

export interface Run extends SessionIdentity {
  readonly session: SeatSession;
  readonly wish: SeatWish;
  socket: Endpoint;
  readonly storeKey: string;
  seat: Extract<SeatState, { kind: 'held' }> | undefined;
  hasWorked: boolean;
  /** The computer's date when the seat was last asked to be taken along. */
  borrowAskedAt: EpochSeconds;
}

/** What the watchers know a run by. */
export const pickNames = ({ clientKey, storeKey }: Run): Pick<Run, 'clientKey' | 'storeKey'> => ({
  clientKey,
  storeKey,
});

export const wishToText = ({ weight, product, class: name, resource, holder }: SeatWish): string =>
  `${weight} × ${product} ${name ?? 'any'}${resource === null ? '' : ` of ${resource}`} for ${holder.user}`;
