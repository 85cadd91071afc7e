/** What an agent hears and writes, as the world's notes have it. */

import type { Effect } from '../../agent/core/effects.ts';
import type { Event } from '../../agent/core/events.ts';

export const writesToText = (writes: Extract<Effect, { kind: 'commit' }>['writes']): string =>
  writes.map(({ key, value }) => (value === null ? `−${key}` : `+${key}`).slice(0, 16)).join(' ');

export const eventToText = (event: Event): string => {
  switch (event.kind) {
    case 'committed':
      return `commit ${event.ticket} is on the disk`;
    case 'commit-failed':
      return `commit ${event.ticket} has failed`;
    case 'restored':
      return `${event.entries.length} entries restored`;
    case 'operator':
      return `operation ${event.number}: ${event.operation.kind}`;
    case 'child-called':
    case 'master-answered':
    case 'register-answered':
      return `call ${event.number} is over`;
    case 'shared-taken':
    case 'store-closed':
    case 'secret-drawn':
    case 'host-judged':
    case 'host-not-kept':
    case 'network-changed':
    case 'preferences':
    case 'datagram':
    case 'wake':
      return event.kind;
  }
};
