/**
 * Whether seats are lent anew at all: not while the store is closed, and not while leases may be out
 * there that the books do not know, as after a restore. Leases that are known go on meanwhile.
 */

import { Fields } from '../../../protocol/fields.ts';
import { agentDeadline } from '../../../protocol/lease-time.ts';
import { TERM_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import { type Instant, type Moment, type Seconds, seconds } from '../../../protocol/units.ts';
import type { Write } from '../write.ts';

/** Says that leases may be out there that the store does not know. */
export const HOLDOFF_KEY = 'holdoff';

const RECORD_VERSION = 1;

/** The mark that makes the agent hold off when it is started next. */
export const HOLDOFF_WRITE: Write = { key: HOLDOFF_KEY, value: pack([RECORD_VERSION]) };

export class LendingGate {
  #closed: 'damaged' | 'unwritable' | undefined;
  /** When the agent started that holds off: every lease that it does not know is older. */
  #since: Instant | undefined;
  #ends: Instant | undefined;
  #isHoldingOff = false;

  /** Why no seat is lent anew, if none is. */
  get refusal(): RefusalCode | undefined {
    if (this.#closed === 'damaged') return 'store-damaged';
    if (this.#closed === 'unwritable') return 'store-failing';
    return this.#isHoldingOff ? 'holding-off' : undefined;
  }

  /** When holding off ends, as far as is known. */
  get ends(): Instant | undefined {
    return this.#isHoldingOff ? this.#ends : undefined;
  }

  get isHoldingOff(): boolean {
    return this.#isHoldingOff;
  }

  /** When to call `keep` next. */
  get due(): Instant | undefined {
    if (this.#since === undefined) return undefined;
    return this.ends ?? agentDeadline(this.#since, seconds(TERM_MAX));
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
    if (!fields.complete || version !== RECORD_VERSION || key !== HOLDOFF_KEY) return false;
    this.#since = at.mono;
    return true;
  }

  /**
   * Looks whether unknown leases may still be held. `longest`: the longest term of a license that is
   * here; `undefined` where there is none, and nothing that could be lent twice either. A license
   * that is added later and has a longer term begins it again. The write that forgets the mark, when
   * no license can have so long a term.
   */
  keep(at: Moment, longest: Seconds | undefined): Write | undefined {
    if (this.#since === undefined) return undefined;
    this.#ends = longest === undefined ? undefined : agentDeadline(this.#since, longest);
    this.#isHoldingOff = this.#ends === undefined || at.mono < this.#ends;
    if (at.mono < agentDeadline(this.#since, seconds(TERM_MAX))) return undefined;
    this.#since = undefined;
    this.#isHoldingOff = false;
    return { key: HOLDOFF_KEY, value: null };
  }
}
