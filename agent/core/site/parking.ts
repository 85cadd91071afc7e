/** Acquires for which a seat may come from another member: each waits a moment for it. */

import { equalBytes } from '../../../protocol/bytes.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import { after, type Instant, millis } from '../../../protocol/units.ts';
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
  /** By slot, the acquire that has waited long enough, until it is decided on. */
  readonly #over = new Map<number, number>();

  constructor(sessions: SessionTable) {
    this.#sessions = sessions;
  }

  /** When the first has waited long enough. */
  get due(): Instant | undefined {
    let due: Instant | undefined;
    for (const { until } of this.#parked.values()) {
      if (due === undefined || until < due) due = until;
    }
    return due;
  }

  get size(): number {
    return this.#parked.size;
  }

  /** Lets an acquire wait, or answers `false` where it has waited long enough. */
  hold(slot: number, request: Acquire, { from, size, at }: Hearing, patience = PATIENCE): boolean {
    const known = this.#parked.get(slot);
    const isOver = this.#over.get(slot) === request.id;
    const until = known?.request.id === request.id ? known.until : after(at.mono, patience);
    this.leave(slot);
    if (isOver || at.mono >= until) return false;
    const clientKey = this.#sessions.clientKey(slot).slice();
    this.#parked.set(slot, { slot, request, hearing: { from, size }, clientKey, until });
    return true;
  }

  /** It waits no more: it was decided on. */
  leave(slot: number): void {
    this.#parked.delete(slot);
    this.#over.delete(slot);
  }

  /** Takes out those who are to be decided on once more: each may come back, but not after its time. */
  take(now: Instant): readonly Parked[] {
    const here = this.#present();
    this.#parked.clear();
    for (const one of here) {
      if (now >= one.until) this.#over.set(one.slot, one.request.id);
      else this.#parked.set(one.slot, one);
    }
    return here;
  }

  /** Those who wait, in the order in which they came, and whose sessions are still there. */
  #present(): readonly Parked[] {
    return [...this.#parked.values()].filter(({ slot, clientKey, request }) => {
      const isHere = equalBytes(this.#sessions.clientKey(slot), clientKey);
      return isHere && request.id > this.#sessions.lastId(slot);
    });
  }

  wishes(): readonly SeatWish[] {
    return this.#present().map(({ request }) => request.wish);
  }
}
