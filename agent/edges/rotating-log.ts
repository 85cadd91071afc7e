/** A log file that is bounded: when it is full it is put aside, and the oldest one goes. */

import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface LogBounds {
  readonly bytesMax: number;
  /** Former files that are kept, `usher.log.1` the newest of them. */
  readonly formerMax: number;
}

/** Ten files of 1 MiB are some hundred thousand lines. */
const BOUNDS: LogBounds = { bytesMax: 1_048_576, formerMax: 9 };

export class RotatingLog {
  readonly #path: string;
  readonly #bounds: LogBounds;
  #size: number | undefined;

  constructor(path: string, bounds = BOUNDS) {
    this.#path = path;
    this.#bounds = bounds;
  }

  /** Adds a line. A full or missing disk costs the line, never the agent. */
  write(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      this.#size ??= this.#open();
      if (this.#size > 0 && this.#size + bytes.length > this.#bounds.bytesMax) this.#rotate();
      appendFileSync(this.#path, bytes, { mode: 0o600 });
      this.#size += bytes.length;
    } catch {
      // Looked at anew with the next line.
      this.#size = undefined;
    }
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    return statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }

  #rotate(): void {
    const former = (n: number): string => (n === 0 ? this.#path : `${this.#path}.${n}`);
    rmSync(former(this.#bounds.formerMax), { force: true });
    for (let n = this.#bounds.formerMax - 1; n >= 0; n--) {
      if (statSync(former(n), { throwIfNoEntry: false })) renameSync(former(n), former(n + 1));
    }
    this.#size = 0;
  }
}
