/** Of what an agent says and does: what nobody asked for, and what a datagram made it do. */

import type { Effect } from '../../agent/core/effects.ts';
import { DRAW_PREFIX } from '../../agent/core/meters/meter-record.ts';
import { leaseStoreKey } from '../../agent/core/seats/lease-record.ts';
import type { Reply } from '../../protocol/replies.ts';

/** What an agent says without being asked: a turn in the queue, why there is none, a seat's end. */
export const isNews = (reply: Reply): boolean =>
  reply.kind === 'queued' || reply.kind === 'ending' || reply.kind === 'refused';

/** What an agent does because of a session's datagram. What a disk owes it writes at any time. */
export const isDoing = (effect: Effect, clientKey: Uint8Array): boolean =>
  effect.kind === 'look-at-host' ||
  (effect.kind === 'commit' &&
    effect.writes.some(
      ({ key, value }) =>
        key === leaseStoreKey(clientKey) || (key.startsWith(DRAW_PREFIX) && value !== null),
    ));
