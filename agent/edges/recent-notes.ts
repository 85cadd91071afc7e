/** What happened lately, for whoever looks at the console: bounded, and gone when the agent ends. */

import { isWarning, type Note, noteToSentence } from '../core/notes.ts';

const NOTES_MAX = 1000;
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** Kinds of refusals counted in one minute. */
const KINDS_MAX = 64;

export interface RecentEntry {
  /** Counts from 1 since the agent has started. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly warning: boolean;
  readonly sentence: string;
}

export interface RecentRefusals {
  readonly product: string;
  readonly code: string;
  readonly count: number;
}

interface Kept {
  readonly number: number;
  readonly at: number;
  readonly what:
    | Note
    | { readonly kind: 'said'; readonly sentence: string; readonly warning: boolean };
}

export class RecentNotes {
  readonly #now: () => number;
  readonly #kept: Kept[] = [];
  readonly #minutes = new Map<number, Map<string, number>>();
  #number = 0;

  /** `now` in milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * `isKept`: the log has it, too. What comes faster would soon push out all else, and a thousand
   * notes at a time that live for a moment only are work for whoever collects garbage.
   */
  note(note: Note, isKept = true): void {
    if (isKept) this.#keep(note);
    if (note.kind === 'seat-refused' || note.kind === 'draw-refused') {
      this.#count(JSON.stringify([note.product, note.code]));
    }
  }

  say(sentence: string, warning: boolean): void {
    this.#keep({ kind: 'said', sentence, warning });
  }

  /** What came after the one with this number, the oldest first; its sentences are made only now. */
  after(number: number): readonly RecentEntry[] {
    return this.#inOrder()
      .filter((one) => one.number > number)
      .map(({ number: own, at, what }) =>
        what.kind === 'said'
          ? { number: own, at, warning: what.warning, sentence: what.sentence }
          : { number: own, at, warning: isWarning(what), sentence: noteToSentence(what) },
      );
  }

  /** Refusals of the last hour, the most frequent first. */
  refusals(): readonly RecentRefusals[] {
    this.#forget();
    const sums = new Map<string, number>();
    for (const counts of this.#minutes.values()) {
      for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
    }
    return [...sums]
      .sort(([, one], [, other]) => other - one)
      .map(([key, count]) => {
        const [product, code] = JSON.parse(key) as [string, string];
        return { product, code, count };
      });
  }

  #keep(what: Kept['what']): void {
    const number = ++this.#number;
    // A ring: the one that falls out gives its place.
    this.#kept[(number - 1) % NOTES_MAX] = { number, at: this.#now(), what };
  }

  #inOrder(): readonly Kept[] {
    const from = this.#number % NOTES_MAX;
    return this.#number <= NOTES_MAX
      ? this.#kept
      : [...this.#kept.slice(from), ...this.#kept.slice(0, from)];
  }

  #count(key: string): void {
    const minute = Math.floor(this.#now() / MINUTE_MS);
    let counts = this.#minutes.get(minute);
    if (counts === undefined) {
      counts = new Map();
      this.#minutes.set(minute, counts);
      this.#forget();
    }
    if (counts.has(key) || counts.size < KINDS_MAX) counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  /** A clock that was set may leave minutes of another time: those go too. */
  #forget(): void {
    const now = Math.floor(this.#now() / MINUTE_MS);
    for (const minute of this.#minutes.keys()) {
      if (minute <= now - HOUR_MINUTES || minute > now) this.#minutes.delete(minute);
    }
  }
}
