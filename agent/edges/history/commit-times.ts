/** How long the store takes to write a batch, as counts of batches by time. */

/** Upper bounds in seconds; what takes longer is counted beyond the last. */
export const COMMIT_BOUNDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5,
];

export interface Histogram {
  /** By `COMMIT_BOUNDS`, and one more for what took longer; none counts in another. */
  readonly counts: readonly number[];
  readonly sum: number;
}

export class CommitTimes {
  readonly #counts = COMMIT_BOUNDS.map(() => 0).concat(0);
  #sum = 0;
  #failed = 0;

  /** Batches that could not be written. */
  get failed(): number {
    return this.#failed;
  }

  add(seconds: number): void {
    const place = COMMIT_BOUNDS.findIndex((bound) => seconds <= bound);
    const index = place < 0 ? COMMIT_BOUNDS.length : place;
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
