/** What will happen, in order of time; what was planned first comes first at equal times. */

export interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const isBefore = (left: Planned, right: Planned): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);

/** A plain binary heap: what is planned is never moved, only forgotten by whoever planned it. */
export class EventQueue {
  readonly #heap: Planned[] = [];
  #planned = 0;

  add(at: number, run: () => void): void {
    const entry = { at, order: this.#planned++, run };
    let place = this.#heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent];
      if (above === undefined || isBefore(above, entry)) break;
      this.#heap[place] = above;
      place = parent;
    }
    this.#heap[place] = entry;
  }

  /** Takes out the next event at or before `until`. */
  take(until: number): Planned | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.at > until) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first;
  }

  #sink(entry: Planned): void {
    let place = 0;
    for (;;) {
      const left = this.#heap[2 * place + 1];
      const right = this.#heap[2 * place + 2];
      if (left === undefined) break;
      const useRight = right !== undefined && isBefore(right, left);
      const child = useRight ? right : left;
      if (isBefore(entry, child)) break;
      this.#heap[place] = child;
      place = 2 * place + (useRight ? 2 : 1);
    }
    this.#heap[place] = entry;
  }
}
