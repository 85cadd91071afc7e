/** Waiting for clients that were told to let go of their seats. */

import type { SeatView } from '../core/operations.ts';
import { askRunningAgent } from './agent-command.ts';
import type { Invocation } from './command.ts';

/** How often and how long the clients are waited for. */
const LOOKS = 10;
const LOOK_EVERY_MS = 200;

/** Those of the seats that are held still: a client that runs lets go within a moment. */
export const stillHeld = async (
  invocation: Invocation,
  asked: readonly SeatView[],
): Promise<readonly SeatView[]> => {
  let left = asked;
  for (let look = 0; look < LOOKS && left.length > 0; look++) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const { seats } = await askRunningAgent(invocation, { kind: 'seat-list' });
    const held = new Set(seats.map(({ id }) => id));
    left = left.filter(({ id }) => held.has(id));
  }
  return left;
};
