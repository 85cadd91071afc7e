/** Lines on standard output: one sentence an event, never more than a stated rate. */

import { isWarning, type Note, noteToSentence } from '../core/notes.ts';

/** Lines in a second, and how many may come at once; the rest is counted in one line. */
const LINES_PER_SECOND = 50;
const BURST = 500;

export class LogWriter {
  readonly #write: (line: string, isWarning: boolean) => void;
  readonly #now: () => number;
  #tokens = BURST;
  #filledAt = 0;
  #suppressed = 0;

  /** `now` in milliseconds; only differences count. */
  constructor(write: (line: string, isWarning: boolean) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
    this.#filledAt = now();
  }

  note(note: Note): void {
    // A sentence is only made when there is room for it: a million leases may lapse at once.
    if (!this.#admit()) {
      this.#suppressed++;
      return;
    }
    if (this.#suppressed > 0) {
      this.#write(`… and ${this.#suppressed} lines more that came too fast.`, true);
      this.#suppressed = 0;
    }
    const warns = isWarning(note);
    const sentence = `${warns ? 'Warning: ' : ''}${noteToSentence(note)}`;
    this.#write(`${new Date().toISOString()} ${sentence}`, warns);
  }

  #admit(): boolean {
    const now = this.#now();
    this.#tokens = Math.min(
      BURST,
      this.#tokens + ((now - this.#filledAt) / 1000) * LINES_PER_SECOND,
    );
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
