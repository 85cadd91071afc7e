/** Acquires for which a seat may come from another member: each waits a moment for it. */

import { equalBytes } from '../../../protocol/bytes.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import { after, type Instant, instant, millis } from '../../../protocol/units.ts';
import type { Acquire } from '../lending.ts';
import type { SessionTable } from '../session-table.ts';
import type { Hearing } from '../speaker.ts';

/** A seat comes within two beats of the members, if one does. */
const PATIENCE = millis(1500);

export interface Parked {
  readonly slot: number;
  readonly request: Acquire;
  readonly hearing: Pick<Hearing, 'from' | 'size'>;
  readonly clientKey: Uint8Array;
  readonly until: Instant;
}

export class Parking {
  readonly #sessions: SessionTable;
  readonly #parked = new Map<number, Parked>();

  constructor(sessions: SessionTable) {
    this.#sessions = sessions;
  }

  /** When the first has waited long enough. */
  get due(): Instant | undefined {
    if (this.#parked.size === 0) return undefined;
    return instant(Math.min(...[...this.#parked.values()].map(({ until }) => until)));
  }

  get size(): number {
    return this.#parked.size;
  }

  /** Lets an acquire wait, or answers `false` where it has waited long enough. */
  hold(slot: number, request: Acquire, { from, size, at }: Hearing): boolean {
    const known = this.#parked.get(slot);
    const until = known?.request.id === request.id ? known.until : after(at.mono, PATIENCE);
    this.#parked.delete(slot);
    if (at.mono >= until) return false;
    const clientKey = this.#sessions.clientKey(slot).slice();
    this.#parked.set(slot, { slot, request, hearing: { from, size }, clientKey, until });
    return true;
  }

  /** It waits no more: it was decided on. */
  leave(slot: number): void {
    this.#parked.delete(slot);
  }

  /** Those who wait, in the order in which they came, and whose sessions are still there. */
  present(): readonly Parked[] {
    const here = [...this.#parked.values()].filter(({ slot, clientKey }) =>
      equalBytes(this.#sessions.clientKey(slot), clientKey),
    );
    if (here.length < this.#parked.size) {
      for (const slot of [...this.#parked.keys()])
        if (!here.some((one) => one.slot === slot)) this.#parked.delete(slot);
    }
    return here;
  }

  wishes(): readonly SeatWish[] {
    return this.present().map(({ request }) => request.wish);
  }
}
