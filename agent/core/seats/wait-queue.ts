/**
 * Who waits for a seat, and whose turn it is to take one. Higher priorities come first, then whoever
 * came first. Only waiters of one group compete with each other.
 */

import { assert } from '../../../protocol/result.ts';

/** Waiters on one agent. */
export const QUEUE_MAX = 4096;

export interface Waiter {
  /** Its session; a session waits for one seat at a time. */
  readonly slot: number;
  /** Product, class and resource in one text: waiters with the same one compete for the same seats. */
  readonly group: string;
  readonly priority: number;
  /** Who came first has the lower one (waiting-room.ts). */
  readonly sequence: number;
  /** Keys of the reservations that are for it. */
  readonly reserved: readonly string[];
}

/** `Claim`: what a waiter whose turn it is may take. */
export class WaitQueue<Claim> {
  readonly #waiters = new Map<number, Waiter>();
  /** Everybody, in order. */
  readonly #order: Waiter[] = [];
  readonly #groups = new Map<string, Group>();
  readonly #claims = new Map<number, { readonly claim: Claim }>();
  /** Those who wait for what only they cannot have: others may pass. */
  readonly #yielding = new Set<number>();

  get size(): number {
    return this.#waiters.size;
  }

  /** Lets somebody wait who does not wait yet, or answers `false` when the queue is full. */
  add(waiter: Waiter): boolean {
    assert(!this.has(waiter.slot), 'a session waited twice');
    if (this.size >= QUEUE_MAX) return false;
    this.#waiters.set(waiter.slot, waiter);
    insert(this.#order, waiter);
    const group = this.#groups.get(waiter.group);
    if (group === undefined) this.#groups.set(waiter.group, { waiting: [waiter], turns: 0 });
    else insert(group.waiting, waiter);
    return true;
  }

  /** Lets a session wait no longer, and ends its turn. Whoever does not wait is passed over. */
  remove(slot: number): void {
    const waiter = this.#waiters.get(slot);
    if (waiter === undefined) return;
    const group = this.#group(waiter);
    if (this.#claims.delete(slot)) group.turns--;
    else takeOut(group.waiting, waiter);
    this.#yielding.delete(slot);
    this.#waiters.delete(slot);
    takeOut(this.#order, waiter);
    if (group.turns === 0 && group.waiting.length === 0) this.#groups.delete(waiter.group);
  }

  /** Whether anybody of a group waits, or has a turn. */
  awaits(group: string): boolean {
    return this.#groups.has(group);
  }

  has(slot: number): boolean {
    return this.#waiters.has(slot);
  }

  get(slot: number): Waiter | undefined {
    return this.#waiters.get(slot);
  }

  /**
   * How many of its group are served before this one: those whose turn it is, and those before it in
   * order. Zero for one whose turn it is.
   */
  ahead(slot: number): number {
    const waiter = this.#waiters.get(slot);
    assert(waiter !== undefined, 'asked for the place of a session that does not wait');
    if (this.#claims.has(slot)) return 0;
    const group = this.#group(waiter);
    return group.turns + placeOf(group.waiting, waiter);
  }

  /** Everybody in order, as it is now: changes made meanwhile are not seen. */
  inOrder(): Iterable<Waiter> {
    return [...this.#order];
  }

  /**
   * Whether a newcomer of this priority would overtake one of this group who has no turn yet. `open`:
   * reservations that keep a seat for the newcomer, which who has none of them cannot have.
   */
  blocks(group: string, priority: number, open: readonly string[]): boolean {
    for (const waiter of this.#groups.get(group)?.waiting ?? []) {
      if (waiter.priority < priority) return false;
      if (this.#yielding.has(waiter.slot)) continue;
      if (open.length === 0 || waiter.reserved.some((key) => open.includes(key))) return true;
    }
    return false;
  }

  /** Whether others may pass one who waits: it waits for what only it cannot have. */
  isYielding(slot: number): boolean {
    return this.#yielding.has(slot);
  }

  setYielding(slot: number, isYielding: boolean): void {
    if (isYielding && this.has(slot)) this.#yielding.add(slot);
    else this.#yielding.delete(slot);
  }

  /** It is the turn of one who has none yet: `claim` is kept for it. */
  giveTurn(slot: number, claim: Claim): void {
    const waiter = this.#waiters.get(slot);
    assert(waiter !== undefined && !this.#claims.has(slot), 'a turn for nobody who waits for one');
    const group = this.#group(waiter);
    takeOut(group.waiting, waiter);
    group.turns++;
    this.#claims.set(slot, { claim });
    this.#yielding.delete(slot);
  }

  /** What a session whose turn it is may take. */
  turn(slot: number): Claim | undefined {
    return this.#claims.get(slot)?.claim;
  }

  #group(waiter: Waiter): Group {
    const group = this.#groups.get(waiter.group);
    assert(group !== undefined, 'a waiter has no group');
    return group;
  }
}

interface Group {
  /** Those without a turn, in order. */
  readonly waiting: Waiter[];
  /** How many have one. */
  turns: number;
}

/** Below zero when `left` comes first. A session waits once, so no two are equal. */
const compare = (left: Waiter, right: Waiter): number =>
  right.priority - left.priority || left.sequence - right.sequence || left.slot - right.slot;

/** Where a waiter is in a sorted list, or would be: how many come before it. */
const placeOf = (sorted: readonly Waiter[], waiter: Waiter): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other !== undefined && compare(other, waiter) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

const insert = (sorted: Waiter[], waiter: Waiter): void => {
  sorted.splice(placeOf(sorted, waiter), 0, waiter);
};

const takeOut = (sorted: Waiter[], waiter: Waiter): void => {
  const place = placeOf(sorted, waiter);
  assert(sorted[place] === waiter, 'a waiter is not where its order says');
  sorted.splice(place, 1);
};
