/** One run of a simulated application, from looking for a seat to its end. */

import { leaseStoreKey } from '../../agent/core/seats/lease-record.ts';
import type { SeatState } from '../../protocol/client/seat-events.ts';
import { SeatSession } from '../../protocol/client/seat-session.ts';
import type { Endpoint } from '../../protocol/endpoint.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import type { DrawAsked } from './drawer.ts';
import type { ClientParts, SessionIdentity } from './errand-run.ts';
import type { Plan } from './swarm.ts';
import { swiftPrimitives } from './swift-primitives.ts';

export interface ApplicationParts extends ClientParts {
  readonly plan: Plan;
  /** License documents that the applications of this host have seen. */
  readonly documents: Map<string, Uint8Array>;
  /** Tells its computer from others. */
  readonly hostCode: Uint8Array;
  readonly drawAsked: (draw: DrawAsked) => void;
}

export interface Run extends SessionIdentity {
  readonly session: SeatSession;
  readonly wish: SeatWish;
  socket: Endpoint;
  readonly storeKey: string;
  seat: Extract<SeatState, { kind: 'held' }> | undefined;
  hasWorked: boolean;
  /** The true time since when it has had no seat. */
  seatlessSince: number;
  /** The computer's date when the seat was last asked to be taken along. */
  borrowAskedAt: EpochSeconds;
}

/** A run that wants a seat and has not asked for it yet. */
export const beginRun = (
  { world, random, plan, documents, host, nextSocket }: ApplicationParts,
  wish: SeatWish,
): Run => {
  const secret = random.bytes(32);
  const session = new SeatSession({
    wish,
    wait: random.chance(plan.patient),
    regain: random.chance(0.7),
    vendorKeys: [plan.vendorKey],
    patience: plan.patience,
    secret,
    nonce: random.bytes(16),
    primitives: swiftPrimitives,
    documents: random.chance(0.5) ? documents : new Map(),
  });
  const { clientKey } = session;
  return {
    session,
    wish,
    socket: nextSocket(),
    clientKey,
    secret,
    storeKey: leaseStoreKey(clientKey),
    seat: undefined,
    hasWorked: false,
    seatlessSince: world.now,
    borrowAskedAt: host.moment().wall,
  };
};

/** What the watchers know a run by. */
export const pickNames = ({ clientKey, storeKey }: Run): Pick<Run, 'clientKey' | 'storeKey'> => ({
  clientKey,
  storeKey,
});

export const wishToText = ({ weight, product, class: name, resource, holder }: SeatWish): string =>
  `${weight} × ${product} ${name ?? 'any'}${resource === null ? '' : ` of ${resource}`} for ${holder.user}`;
