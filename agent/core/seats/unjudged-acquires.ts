/** Acquires that wait until the host has been looked at: the latest one of each session, and not too many. */

import type { Hearing } from '../sessions/speaker.ts';
import type { Acquire } from './lending.ts';

/** Sessions that wait at a time; who comes later gets silence and asks again. */
const UNJUDGED_MAX = 1024;

/** One that waits, and whose it was when it came. */
interface UnjudgedAcquire {
  readonly clientKey: Uint8Array;
  readonly request: Acquire;
  readonly hearing: Omit<Hearing, 'at' | 'host' | 'effects'>;
}

export class UnjudgedAcquires {
  #waiting = new Map<number, UnjudgedAcquire>();

  /** Whether there was room for it. */
  add(slot: number, acquire: UnjudgedAcquire): boolean {
    if (this.#waiting.size >= UNJUDGED_MAX && !this.#waiting.has(slot)) return false;
    this.#waiting.set(slot, acquire);
    return true;
  }

  /** All of them, by the slots of their sessions; none waits any more. */
  takeAll(): Iterable<readonly [number, UnjudgedAcquire]> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    return waiting;
  }
}
