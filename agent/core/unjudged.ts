/** Acquires that wait until the host has been looked at, the latest one of each session. */

import type { Acquire } from './lending.ts';
import type { SessionTable } from './session-table.ts';
import type { Hearing } from './speaker.ts';

/** So many wait for a look at the host; who comes later asks again. */
const UNJUDGED_MAX = 1024;

/** One of them, and whose it was when it came. */
export interface UnjudgedAcquire {
  readonly slot: number;
  readonly clientKey: Uint8Array;
  readonly request: Acquire;
  readonly hearing: Pick<Hearing, 'from' | 'size'>;
}

export class Unjudged {
  readonly #sessions: Pick<SessionTable, 'clientKey'>;
  readonly #bySlot = new Map<number, UnjudgedAcquire>();

  constructor(sessions: Pick<SessionTable, 'clientKey'>) {
    this.#sessions = sessions;
  }

  /** False: there are too many, and this one is not kept. */
  keep(slot: number, request: Acquire, { from, size }: Hearing): boolean {
    if (this.#bySlot.size >= UNJUDGED_MAX && !this.#bySlot.has(slot)) return false;
    const clientKey = this.#sessions.clientKey(slot).slice();
    this.#bySlot.set(slot, { slot, clientKey, request, hearing: { from, size } });
    return true;
  }

  /** All of them, who wait no more. */
  takeAll(): readonly UnjudgedAcquire[] {
    const all = [...this.#bySlot.values()];
    this.#bySlot.clear();
    return all;
  }
}
