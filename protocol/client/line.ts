/** The line to the agents: a socket, and the timer that says when to speak again. */

import type { SeekerSocket } from '../node/seeker-socket.ts';
import type { DeadlineTimer } from '../node/timer.ts';
import { unreachable } from '../result.ts';
import type { LineEffect } from './line-effect.ts';

/** What is needed of the socket. */
export type LineSocket = Pick<SeekerSocket, 'send' | 'askAround'>;

export const performOnLine = (
  effect: LineEffect,
  socket: LineSocket,
  timer: DeadlineTimer,
): void => {
  switch (effect.kind) {
    case 'send':
      return socket.send(effect.to, effect.bytes);
    case 'ask-around':
      return socket.askAround(effect.bytes);
    case 'wake-at':
      return timer.set(effect.at);
    default:
      return unreachable(effect);
  }
};
