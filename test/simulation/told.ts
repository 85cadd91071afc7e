/** What an application is told: as a sentence, and what it never must be told. */

import type { SeatState } from '../../protocol/client/seat-events.ts';
import { Violation } from './world.ts';

/** Some things no honest agent gives a client cause to tell. */
export const checkTold = (name: string, state: SeatState): void => {
  if (state.kind === 'lost' && state.code === 'not-held') {
    throw new Violation('who believes in a seat is not told that it is gone', name);
  }
  if (state.kind !== 'failed' || state.failure.kind !== 'untrusted') return;
  // By the client's own calendar, which somebody may have set.
  if (state.failure.reason === 'expired' || state.failure.reason === 'pending') return;
  throw new Violation('a good license is trusted', `${name}: ${state.failure.reason}`);
};

export const stateToText = (state: SeatState): string => {
  switch (state.kind) {
    case 'held':
      return `held, ${state.weight} of class ${state.class} of ${state.licenses[0].license.id}`;
    case 'waiting':
      return `waiting, ${state.ahead} ahead at ${state.agents} agents`;
    case 'lost':
    case 'ending':
    case 'borrow-refused':
      return `${state.kind}, ${state.code}`;
    case 'failed': {
      const { failure } = state;
      return `failed, ${failure.kind === 'refused' ? failure.code : failure.kind}`;
    }
    case 'seeking':
    case 'unreachable':
    case 'borrowed':
    case 'released':
      return state.kind;
  }
};
