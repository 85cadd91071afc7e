/** A binary heap of deadlines with a position for each slot, so that moving one leaves no garbage. */

import { type Instant, instant } from '../../protocol/units.ts';
import { float64Column, uint32Column } from './columns.ts';

export class DeadlineHeap {
  /** Heap order → slot. */
  readonly #slots = uint32Column();
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

  /** The earliest deadline, or `undefined` when there is none. */
  next(): Instant | undefined {
    return this.#size === 0 ? undefined : this.deadline(this.#slots.get(0));
  }

  /** Gives a slot a deadline, or moves the one it has. */
  set(slot: number, deadline: Instant): void {
    this.#deadlines.set(slot, deadline);
    let place = this.#places.get(slot) - 1;
    if (place < 0) {
      place = this.#size++;
      this.#put(place, slot);
    }
    this.#sink(this.#rise(place));
  }

  remove(slot: number): void {
    const place = this.#places.get(slot) - 1;
    if (place < 0) return;
    this.#places.set(slot, 0);
    const last = this.#slots.get(--this.#size);
    if (last === slot) return;
    this.#put(place, last);
    this.#sink(this.#rise(place));
  }

  /** Takes out at most `most` slots whose deadline is at or before `now`, earliest first. */
  takeDue(now: Instant, most: number): readonly number[] {
    const due: number[] = [];
    while (due.length < most && this.#size > 0) {
      const slot = this.#slots.get(0);
      if (this.#deadlines.get(slot) > now) break;
      this.remove(slot);
      due.push(slot);
    }
    return due;
  }

  #put(place: number, slot: number): void {
    this.#slots.set(place, slot);
    this.#places.set(slot, place + 1);
  }

  #rise(from: number): number {
    const slot = this.#slots.get(from);
    const deadline = this.#deadlines.get(slot);
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#slots.get(parent);
      if (this.#deadlines.get(above) <= deadline) break;
      this.#put(place, above);
      place = parent;
    }
    if (place !== from) this.#put(place, slot);
    return place;
  }

  #sink(from: number): void {
    const slot = this.#slots.get(from);
    const deadline = this.#deadlines.get(slot);
    let place = from;
    for (;;) {
      const child = this.#smallerChild(place);
      if (child < 0) break;
      const below = this.#slots.get(child);
      if (this.#deadlines.get(below) >= deadline) break;
      this.#put(place, below);
      place = child;
    }
    if (place !== from) this.#put(place, slot);
  }

  /** The place of the earlier child, or −1 for a leaf. */
  #smallerChild(place: number): number {
    const left = 2 * place + 1;
    const right = left + 1;
    if (left >= this.#size) return -1;
    if (right >= this.#size) return left;
    const leftDeadline = this.#deadlines.get(this.#slots.get(left));
    return this.#deadlines.get(this.#slots.get(right)) < leftDeadline ? right : left;
  }
}
