/** How long something takes that is done again and again, as counts by time. */

/** Upper bounds in seconds; what takes longer is counted beyond the last. */
export const DURATION_BOUNDS: readonly number[] = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5,
];

export interface Histogram {
  /** By `DURATION_BOUNDS`, and one more for what took longer; none counts in another. */
  readonly counts: readonly number[];
  readonly sum: number;
}

export class Durations {
  readonly #counts = DURATION_BOUNDS.map(() => 0).concat(0);
  #sum = 0;
  #failed = 0;

  /** How often it could not be done. */
  get failed(): number {
    return this.#failed;
  }

  add(seconds: number): void {
    let index = 0;
    while (seconds > (DURATION_BOUNDS[index] ?? Number.POSITIVE_INFINITY)) index++;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += seconds;
  }

  fail(): void {
    this.#failed++;
  }

  read(): Histogram {
    return { counts: [...this.#counts], sum: this.#sum };
  }
}
