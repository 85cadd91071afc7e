/** Whether the store can be written, as far as it is known. One that cannot is tried again and again. */

import { after, type Instant, millis } from '../../protocol/units.ts';
import type { Effect } from './effects.ts';

/** A store that cannot be written is tried again this often, whether somebody asks or not. */
const PROBE_EVERY = millis(5000);

export class StoreStanding {
  #trouble: string | undefined;
  #probeAt: Instant | undefined;

  /** Why it cannot be written, while it cannot. */
  get trouble(): string | null {
    return this.#trouble ?? null;
  }

  /** When it is tried again. */
  get probeAt(): Instant | undefined {
    return this.#probeAt;
  }

  fails(reason: string, now: Instant, effects: Effect[]): void {
    if (this.#trouble === undefined)
      effects.push({ kind: 'note', note: { kind: 'store-failing', reason } });
    this.#trouble = reason;
    this.#probeAt = after(now, PROBE_EVERY);
  }

  /** It was written; `true` where it could not be before. */
  works(effects: Effect[]): boolean {
    if (this.#trouble === undefined) return false;
    this.#trouble = undefined;
    this.#probeAt = undefined;
    effects.push({ kind: 'note', note: { kind: 'store-working' } });
    return true;
  }

  /** Whether it is to be tried now; once. */
  takeProbe(now: Instant): boolean {
    if (this.#probeAt === undefined || now < this.#probeAt) return false;
    this.#probeAt = undefined;
    return true;
  }
}
