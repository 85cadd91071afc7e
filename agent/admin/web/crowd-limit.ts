/** How many connections one source may hold, so that who is slow or greedy leaves room for others. */

import type { Socket } from 'node:net';
import { networkOf } from '../../../protocol/ip-address.ts';
import { plainAddress } from './visitor-checks.ts';

export class CrowdLimit {
  readonly #most: number;
  /** By address; a /64 of IPv6 may be one computer. */
  readonly #counts = new Map<string, number>();

  /** `most`: connections of one source at a time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a connection until it closes, and ends it where its source has enough. */
  admit(socket: Socket): boolean {
    const source = networkOf(plainAddress(socket.remoteAddress));
    const count = (this.#counts.get(source) ?? 0) + 1;
    this.#counts.set(source, count);
    socket.once('close', () => {
      const left = (this.#counts.get(source) ?? 1) - 1;
      if (left > 0) this.#counts.set(source, left);
      else this.#counts.delete(source);
    });
    if (count <= this.#most) return true;
    socket.destroy();
    return false;
  }
}
