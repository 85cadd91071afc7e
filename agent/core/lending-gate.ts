/**
 * Whether seats are lent anew at all: not while the store is closed, and not while leases may be out
 * there that the books do not know, as after a restore. Leases that are known go on meanwhile.
 */

import { Fields } from '../../protocol/fields.ts';
import { agentDeadline } from '../../protocol/lease-time.ts';
import { TERM_MAX } from '../../protocol/limits.ts';
import { pack, unpack } from '../../protocol/msgpack.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import { type Instant, type Moment, type Seconds, seconds } from '../../protocol/units.ts';
import type { Write } from './effects.ts';

/** Says that leases may be out there that the store does not know. */
export const HOLDOFF_KEY = 'holdoff';

const RECORD_VERSION = 1;

/** The mark that makes the agent hold off at its next start, for `least` seconds or longer. */
export const holdoffWrite = (least: Seconds): Write => ({
  key: HOLDOFF_KEY,
  value: pack([RECORD_VERSION, least]),
});

interface Holdoff {
  /** When the agent started: every lease that it does not know is older. */
  readonly since: Instant;
  readonly least: Seconds;
}

export class LendingGate {
  #closed: 'damaged' | 'unwritable' | undefined;
  #holdoff: Holdoff | undefined;
  #ends: Instant | undefined;
  #isNews = false;

  /** Why no seat is lent anew, if none is. */
  get refusal(): RefusalCode | undefined {
    if (this.#closed === 'damaged') return 'store-damaged';
    if (this.#closed === 'unwritable') return 'store-failing';
    return this.#holdoff === undefined ? undefined : 'holding-off';
  }

  /** When holding off ends, as far as is known. */
  get ends(): Instant | undefined {
    return this.#ends;
  }

  /** The store is closed. A damaged one stays so. */
  close(why: 'damaged' | 'unwritable'): void {
    if (this.#closed !== 'damaged') this.#closed = why;
  }

  /** The store was written. */
  storeWorks(): void {
    if (this.#closed === 'unwritable') this.#closed = undefined;
  }

  /**
   * Takes up the stored mark, or answers `false` where it is none. The time counts from now, as for
   * leases: after another start all of it begins again, and no clock that was set can shorten it.
   */
  restore(key: string, value: Uint8Array, at: Moment): boolean {
    const fields = new Fields(unpack(value));
    const version = fields.uint();
    const least = seconds(fields.uint(TERM_MAX));
    if (!fields.complete || version !== RECORD_VERSION || key !== HOLDOFF_KEY) return false;
    this.#holdoff = { since: at.mono, least };
    this.#isNews = true;
    return true;
  }

  /**
   * Looks whether unknown leases may still be held. `longest`: the longest term of a license that is
   * here; `undefined` where there is none, and nothing that could be lent twice either. The write
   * that ends it, when it does.
   */
  keep(at: Moment, longest: Seconds | undefined): Write | undefined {
    if (this.#holdoff === undefined) return undefined;
    const { since, least } = this.#holdoff;
    if (longest === undefined) {
      this.#ends = undefined;
      return undefined;
    }
    this.#ends = agentDeadline(since, seconds(Math.max(least, longest)));
    if (at.mono < this.#ends) return undefined;
    this.#holdoff = undefined;
    this.#ends = undefined;
    return { key: HOLDOFF_KEY, value: null };
  }

  /** Whether holding off has begun since this was asked last. */
  takeNews(): boolean {
    const news = this.#isNews;
    this.#isNews = false;
    return news;
  }

  get holdsOff(): boolean {
    return this.#holdoff !== undefined;
  }
}
