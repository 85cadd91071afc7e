/** Acquires for which a seat may come from another member: each waits a moment for it. */

import { equalBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { after, type Instant, type Millis, millis } from '../../../protocol/units.ts';
import type { Acquire } from '../seats/lending.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { Hearing } from '../sessions/speaker.ts';
import type { Waiting } from './demand.ts';

/** What an acquire waits for: for its lease to move here from a member that may be dead, then for a seat. */
type Phase = 'move' | 'seat';

const PATIENCE: Readonly<Record<Phase, Millis>> = {
  /** Longer than it takes to find a member dead. */
  move: millis(4000),
  /** A seat comes within two beats of the members, if one does. */
  seat: millis(1500),
};

interface Over {
  readonly id: number;
  readonly phase: Phase;
}

export interface Parked {
  readonly slot: number;
  readonly request: Acquire;
  readonly hearing: Pick<Hearing, 'from' | 'size'>;
  readonly clientKey: Uint8Array;
  readonly until: Instant;
  readonly phase: Phase;
  /** Those that could lend what it waits for, were there seats. */
  readonly licenses: readonly LicenseId[];
}

export class Parking {
  readonly #sessions: SessionTable;
  readonly #parked = new Map<number, Parked>();
  /** By slot, the acquire that has waited long enough, until it is decided on. */
  readonly #over = new Map<number, Over>();

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

  /** Lets an acquire wait, or answers `false` where it has waited long enough for that. */
  hold(
    slot: number,
    request: Acquire,
    hearing: Hearing,
    phase: Phase,
    licenses: readonly LicenseId[] = [],
  ): boolean {
    const { from, size, at } = hearing;
    const parked = this.#parked.get(slot);
    const known = parked?.request.id === request.id ? parked : undefined;
    const passed = this.#over.get(slot);
    const over = passed?.id === request.id ? passed : undefined;
    // It waited for its lease before.
    if (phase === 'move' && (over !== undefined || known?.phase === 'seat')) return false;
    const until = known?.phase === phase ? known.until : after(at.mono, PATIENCE[phase]);
    this.leave(slot);
    if (over?.phase === phase || at.mono >= until) return false;
    const clientKey = this.#sessions.clientKey(slot).slice();
    const asked = { slot, request, hearing: { from, size }, clientKey };
    this.#parked.set(slot, { ...asked, until, phase, licenses });
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
      const { slot, request, phase } = one;
      if (now >= one.until) this.#over.set(slot, { id: request.id, phase });
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

  /** Those who wait for a seat, and what they want. */
  waiting(): readonly Waiting[] {
    const seated = this.#present().filter(({ phase }) => phase === 'seat');
    return seated.map(({ slot, request, licenses }) => ({ slot, wish: request.wish, licenses }));
  }
}
