/** Windows' event log: warnings of the service, never more than a stated rate, never an error. */

import { loadKoffi } from '../koffi.ts';

const SEVERITY = { error: 1, warning: 2, information: 4 } as const;

/**
 * Message 1 of the file that the source is registered with, EventCreate.exe, is nothing but the
 * text that comes along: so the event viewer shows our sentence and no complaint.
 */
const MESSAGE = 1;

/** How many entries may come at once, and after how long there is room for one more. */
const BURST = 20;
const REFILL_MS = 60_000;
const TEXT_MAX = 8_000;

export class EventLog {
  readonly #source: unknown;
  readonly #report: (...words: readonly unknown[]) => boolean;
  readonly #now: () => number;
  #tokens = BURST;
  #filledAt: number;

  /** `now` in milliseconds; only differences count. */
  constructor(source: string, now: () => number) {
    const library = loadKoffi().load('advapi32.dll');
    this.#source = library.func('void * __stdcall RegisterEventSourceW(void *, str16)')(
      null,
      source,
    );
    this.#report = library.func(
      'bool __stdcall ReportEventW(void *, uint16, uint16, uint32, void *, uint16, uint32, str16 *, void *)',
    );
    this.#now = now;
    this.#filledAt = now();
  }

  write(severity: keyof typeof SEVERITY, text: string): void {
    if (!this.#source || !this.#admit()) return;
    const texts = [text.slice(0, TEXT_MAX)];
    this.#report(this.#source, SEVERITY[severity], 0, MESSAGE, null, 1, 0, texts, null);
  }

  #admit(): boolean {
    const now = this.#now();
    this.#tokens = Math.min(BURST, this.#tokens + (now - this.#filledAt) / REFILL_MS);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
