/**
 * A binary heap of deadlines with a position for each slot, so that moving one leaves no garbage.
 * Whoever renews moves a deadline away long before it comes: such a slot stays in its place until its
 * old time is there, and only then goes where it belongs.
 */

import { type Instant, instant } from '../../../protocol/units.ts';
import { float64Column, uint32Column } from './columns.ts';

/** Places that are looked at in one call, so that none takes long, however many have moved on. */
const LOOKS_MAX = 2048;

export class DeadlineHeap {
  /** Heap order → slot. */
  readonly #slots = uint32Column();
  /** Heap order → the time that it is ordered by: the slot's deadline, or an earlier one that it had. */
  readonly #times = float64Column();
  /** Slot → place in the heap plus one; zero for a slot without a deadline. */
  readonly #places = uint32Column();
  /** Slot → deadline. */
  readonly #deadlines = float64Column();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(slot: number): boolean {
    return this.#places.get(slot) !== 0;
  }

  /** The slot's deadline; meaningful only where `has(slot)`. */
  deadline(slot: number): Instant {
    return instant(this.#deadlines.get(slot));
  }

  /** When to call `takeDue` next: not after the earliest deadline. `undefined` when there is none. */
  next(): Instant | undefined {
    return this.#size === 0 ? undefined : instant(this.#times.get(0));
  }

  /** Gives a slot a deadline, or moves the one it has. */
  set(slot: number, deadline: Instant): void {
    this.#deadlines.set(slot, deadline);
    const place = this.#places.get(slot) - 1;
    if (place < 0) {
      this.#put(this.#size, slot, deadline);
      this.#rise(this.#size++);
    } else if (deadline < this.#times.get(place)) {
      this.#times.set(place, deadline);
      this.#rise(place);
    }
  }

  remove(slot: number): void {
    const place = this.#places.get(slot) - 1;
    if (place < 0) return;
    this.#places.set(slot, 0);
    const last = --this.#size;
    if (last === place) return;
    this.#put(place, this.#slots.get(last), this.#times.get(last));
    this.#sink(this.#rise(place));
  }

  /**
   * Takes out at most `most` slots whose deadline is at or before `now`, earliest first. There may be
   * more of them, when `next` is not after `now`.
   */
  takeDue(now: Instant, most: number): readonly number[] {
    const due: number[] = [];
    for (let looks = 0; looks < LOOKS_MAX && due.length < most && this.#size > 0; looks++) {
      const time = this.#times.get(0);
      if (time > now) break;
      const slot = this.#slots.get(0);
      const deadline = this.#deadlines.get(slot);
      if (deadline > time) {
        this.#times.set(0, deadline);
        this.#sink(0);
      } else {
        this.remove(slot);
        due.push(slot);
      }
    }
    return due;
  }

  #put(place: number, slot: number, time: number): void {
    this.#slots.set(place, slot);
    this.#times.set(place, time);
    this.#places.set(slot, place + 1);
  }

  #rise(from: number): number {
    const slot = this.#slots.get(from);
    const time = this.#times.get(from);
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#times.get(parent);
      if (above <= time) break;
      this.#put(place, this.#slots.get(parent), above);
      place = parent;
    }
    if (place !== from) this.#put(place, slot, time);
    return place;
  }

  #sink(from: number): void {
    const slot = this.#slots.get(from);
    const time = this.#times.get(from);
    let place = from;
    for (;;) {
      const child = this.#smallerChild(place);
      if (child < 0) break;
      const below = this.#times.get(child);
      if (below >= time) break;
      this.#put(place, this.#slots.get(child), below);
      place = child;
    }
    if (place !== from) this.#put(place, slot, time);
  }

  /** The place of the earlier child, or −1 for a leaf. */
  #smallerChild(place: number): number {
    const left = 2 * place + 1;
    const right = left + 1;
    if (left >= this.#size) return -1;
    if (right >= this.#size) return left;
    return this.#times.get(right) < this.#times.get(left) ? right : left;
  }
}
