/**
 * How long holders have not used their seats, as their clients say when they renew. Only those who
 * have said so at least once are kept: renewals of all others cost one comparison.
 */

import { type Seconds, seconds } from '../../../protocol/units.ts';

interface Idle {
  /** Seconds since the last use, as it was said last. */
  last: number;
  /** Seconds of all the times of no use, up to what was said last. */
  total: number;
}

export class IdleTimes {
  readonly #times = new Map<number, Idle>();

  /** A client says for how long its seat was not used; zero while it is. */
  heard(slot: number, idle: Seconds): void {
    if (idle === 0 && this.#times.size === 0) return;
    const known = this.#times.get(slot);
    if (known === undefined) {
      if (idle > 0) this.#times.set(slot, { last: idle, total: idle });
      return;
    }
    // Less than before: it was used in between, and is idle anew.
    known.total += idle > known.last ? idle - known.last : idle === known.last ? 0 : idle;
    known.last = idle;
  }

  /** Seats that are not used just now. */
  get count(): number {
    let count = 0;
    for (const { last } of this.#times.values()) if (last > 0) count++;
    return count;
  }

  /** Seconds since the last use, as far as is known. */
  last(slot: number): Seconds {
    return seconds(this.#times.get(slot)?.last ?? 0);
  }

  total(slot: number): Seconds {
    return seconds(Math.min(this.#times.get(slot)?.total ?? 0, 0xffff_ffff));
  }

  /** The lease is over. */
  forget(slot: number): void {
    this.#times.delete(slot);
  }
}
