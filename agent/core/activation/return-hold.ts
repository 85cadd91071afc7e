/**
 * After a start, seats that somebody waited for are kept for a moment: those who waited come back
 * with their tickets, and no newcomer takes what is theirs meanwhile. The store knows which seats
 * were waited for, and not by whom.
 */

import { Fields } from '../../../protocol/fields.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import {
  after,
  type EpochSeconds,
  epochSeconds,
  type Instant,
  type Millis,
  type Moment,
  millis,
} from '../../../protocol/units.ts';
import { readStoreKey, storeKey } from '../store-key.ts';
import type { Write } from '../write.ts';

export const WAITING_PREFIX = 'waiting/';
const RECORD_VERSION = 1;
/** A waiter finds an agent again within so many milliseconds of its start. */
const RETURN_WITHIN: Millis = millis(10_000);

export class ReturnHold {
  /** Groups of waiters that the store knows. */
  readonly #marked = new Set<string>();
  /** Those that had waiters when the agent ran last, until the time is over. */
  readonly #held = new Set<string>();
  readonly #writes = new Map<string, Write>();
  #started = epochSeconds(0);
  #ends: Instant | undefined;

  /** Takes up the mark of one group, or answers `false` where it is none. */
  restore(key: string, value: Uint8Array, at: Moment): boolean {
    const fields = new Fields(unpack(value));
    const version = fields.uint();
    const [group, ...more] = readStoreKey(WAITING_PREFIX, key) ?? [];
    const fits = fields.complete && version === RECORD_VERSION && more.length === 0;
    if (!fits || group === undefined) return false;
    this.#marked.add(group);
    this.#held.add(group);
    this.#started = at.wall;
    this.#ends = after(at.mono, RETURN_WITHIN);
    return true;
  }

  /** Whether those who waited for these seats before the start are still to come. */
  holds(group: string): boolean {
    return this.#held.has(group);
  }

  /** When the agent has started, where it found that somebody had waited; else long ago. */
  get started(): EpochSeconds {
    return this.#started;
  }

  /** When it ends; `undefined` where nobody is waited for. */
  get due(): Instant | undefined {
    return this.#ends;
  }

  /** Ends it when its time has come: the groups for which it has ended now. */
  end(at: Moment): readonly string[] {
    if (this.#ends === undefined || at.mono < this.#ends) return [];
    const ended = [...this.#held];
    this.#ends = undefined;
    this.#held.clear();
    return ended;
  }

  /** Somebody waits in this group, or nobody any more. What is held is forgotten only after that. */
  mark(group: string, isAwaited: boolean): void {
    if (isAwaited === this.#marked.has(group) || (!isAwaited && this.holds(group))) return;
    const key = storeKey(WAITING_PREFIX, group);
    if (isAwaited) this.#marked.add(group);
    else this.#marked.delete(group);
    this.#writes.set(key, { key, value: isAwaited ? pack([RECORD_VERSION]) : null });
  }

  /** What the store should know from now on. Nothing waits for it. */
  takeWrites(): readonly Write[] {
    if (this.#writes.size === 0) return [];
    const writes = [...this.#writes.values()];
    this.#writes.clear();
    return writes;
  }
}
