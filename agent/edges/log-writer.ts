/**
 * Lines on standard output and in the agent's own file: one sentence an event, never more than a
 * stated rate.
 */

import { isWarning, type Note } from '../core/notes.ts';
import { entryOf, entryToLine, type LogEntry } from './log-line.ts';

/** Lines in a second, and how many may come at once; the rest is counted in one line. */
const LINES_PER_SECOND = 50;
const BURST = 500;

/** How a sentence becomes a line. */
export type LogStyle = (sentence: string, isWarning: boolean) => string;

/** For a file or a terminal: with the time, and a word before what should be mended. */
export const plainLine: LogStyle = (sentence, isWarning) =>
  `${new Date().toISOString()} ${isWarning ? 'Warning: ' : ''}${sentence}`;

/** For systemd's journal, which knows the time: with the priority, as sd-daemon(3) has it. */
export const journalLine: LogStyle = (sentence, isWarning) => `<${isWarning ? 4 : 6}>${sentence}`;

export class LogWriter {
  readonly #write: (line: string) => void;
  readonly #file: (line: string) => void;
  readonly #now: () => number;
  readonly #style: LogStyle;
  #tokens = BURST;
  #filledAt = 0;
  #suppressed = 0;

  /** `now` in milliseconds; only differences count. `file`: the agent's own log. */
  constructor(
    write: (line: string) => void,
    now: () => number,
    style: LogStyle = plainLine,
    file: (line: string) => void = () => {},
  ) {
    this.#style = style;
    this.#file = file;
    this.#write = write;
    this.#now = now;
    this.#filledAt = now();
  }

  /** Whether it was written: what comes too fast is only counted. */
  note(note: Note): boolean {
    // A sentence is only made when there is room for it: a million leases may lapse at once.
    if (!this.#admit()) {
      this.#suppressed++;
      return false;
    }
    if (this.#suppressed > 0) {
      this.say(`… and ${this.#suppressed} lines more that came too fast.`, false);
      this.#suppressed = 0;
    }
    const entry = entryOf(note, isWarning(note) ? 'warning' : 'info', new Date().toISOString());
    this.#put(entry);
    return true;
  }

  /** Writes a line that is always wanted. */
  say(sentence: string, warning: boolean): void {
    const level = warning ? 'warning' : 'info';
    this.#put({ time: new Date().toISOString(), level, kind: 'agent', sentence, fields: {} });
  }

  #put(entry: LogEntry): void {
    this.#write(this.#style(entry.sentence, entry.level === 'warning'));
    this.#file(entryToLine(entry));
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
