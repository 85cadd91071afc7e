/** A log file that is bounded: when it is full or old it is put aside, and the oldest one goes. */

import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface LogBounds {
  readonly bytesMax: number;
  /** Former files that are kept, `usher.log.1` the newest of them. */
  readonly formerMax: number;
  /** Days after which a file is put aside, and after which one that was is removed. */
  readonly daysMax?: number;
  readonly formerDaysMax?: number;
}

/** Ten files of 1 MiB are some fifty thousand lines. */
const BOUNDS: LogBounds = { bytesMax: 1_048_576, formerMax: 9, daysMax: 7, formerDaysMax: 90 };
const DAY_MS = 86_400_000;

export class RotatingLog {
  readonly #path: string;
  readonly #bounds: LogBounds;
  readonly #now: () => number;
  #size: number | undefined;
  /** When the file was begun, in milliseconds since 1970. */
  #begun = 0;

  constructor(path: string, bounds = BOUNDS, now: () => number = Date.now) {
    this.#path = path;
    this.#bounds = bounds;
    this.#now = now;
  }

  /** Adds a line. A full or missing disk costs the line, never the agent. */
  write(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      this.#size ??= this.#open();
      const isFull = this.#size + bytes.length > this.#bounds.bytesMax;
      if (this.#size > 0 && (isFull || this.#isOld)) this.#rotate();
      appendFileSync(this.#path, bytes, { mode: 0o600 });
      this.#size += bytes.length;
    } catch {
      // Looked at anew with the next line.
      this.#size = undefined;
    }
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const found = statSync(this.#path, { throwIfNoEntry: false });
    // Where the system keeps no time of birth this is that of the last change.
    this.#begun = found?.birthtimeMs ?? this.#now();
    return found?.size ?? 0;
  }

  get #isOld(): boolean {
    const { daysMax = Number.POSITIVE_INFINITY } = this.#bounds;
    return this.#now() - this.#begun > daysMax * DAY_MS;
  }

  #rotate(): void {
    const former = (n: number): string => (n === 0 ? this.#path : `${this.#path}.${n}`);
    rmSync(former(this.#bounds.formerMax), { force: true });
    for (let n = this.#bounds.formerMax - 1; n >= 0; n--) {
      if (statSync(former(n), { throwIfNoEntry: false })) renameSync(former(n), former(n + 1));
    }
    this.#size = 0;
    this.#begun = this.#now();
    const { formerDaysMax = Number.POSITIVE_INFINITY } = this.#bounds;
    for (let n = 1; n <= this.#bounds.formerMax; n++) {
      const changed = statSync(former(n), { throwIfNoEntry: false })?.mtimeMs ?? this.#begun;
      if (this.#begun - changed > formerDaysMax * DAY_MS) rmSync(former(n), { force: true });
    }
  }
}
