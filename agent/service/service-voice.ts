/**
 * What the running agent tells its service manager: that it is ready, what it serves and, as long as
 * there is something to do, again and again that it is alive. It says so only after the agent itself
 * has answered, so that one that hangs is started anew. While no seat is lent and nobody speaks to it
 * there is nothing to hang in, and it sleeps without being woken for a watchdog.
 */

import type { StatusView } from '../core/operations.ts';
import type { ServiceNotifier } from '../edges/service-notifier.ts';
import { statusToText } from './status-text.ts';

export interface ServiceVoiceParts {
  readonly notifier: ServiceNotifier;
  readonly status: () => Promise<StatusView>;
  readonly port: number;
}

/** The status follows the news by this much, however many there are. */
const NEWS_EVERY_MS = 1000;

/**
 * A year: the watchdog's time while the agent sleeps. Zero would turn the watchdog off as well, but
 * an older systemd then leaves the time running that it had set before.
 */
const ASLEEP_MICROSECONDS = 365 * 86_400 * 1_000_000;

export class ServiceVoice implements Disposable {
  readonly #parts: ServiceVoiceParts;
  #isReady = false;
  #isAsking = false;
  /** Something has happened since the last beat. */
  #stirred = false;
  #beat: NodeJS.Timeout | undefined;
  #news: NodeJS.Timeout | undefined;

  constructor(parts: ServiceVoiceParts) {
    this.#parts = parts;
  }

  /** Says that the agent serves, and begins to say that it is alive. */
  async ready(): Promise<void> {
    this.#tell(await this.#ask(), 'READY=1');
    this.#isReady = true;
    this.#watch();
  }

  /** To be called before the agent does anything, whatever it is: from now on it must live. */
  stir(): void {
    if (this.#isAsking) return;
    this.#stirred = true;
    if (this.#isReady && this.#beat === undefined) this.#watch();
  }

  /** Something has happened: the status is told soon. */
  news(): void {
    this.#news ??= setTimeout(() => {
      this.#news = undefined;
      void this.#ask().then((status) => this.#tell(status));
    }, NEWS_EVERY_MS).unref();
  }

  stopping(): void {
    this[Symbol.dispose]();
    this.#parts.notifier.tell('STOPPING=1', 'STATUS=Stopping; seats that are held stay held.');
  }

  [Symbol.dispose](): void {
    this.#isReady = false;
    clearInterval(this.#beat);
    clearTimeout(this.#news);
  }

  #watch(): void {
    const { watchdogMs, tell } = this.#parts.notifier;
    if (watchdogMs === undefined) return;
    tell(`WATCHDOG_USEC=${Math.round(watchdogMs * 1000)}`, 'WATCHDOG=1');
    // Half the time, as sd_watchdog_enabled(3) advises.
    this.#beat = setInterval(() => void this.#say(), watchdogMs / 2);
    this.#beat.unref();
  }

  /** Says that the agent lives, or that it sleeps now. */
  async #say(): Promise<void> {
    const status = await this.#ask();
    if (!this.#isReady) return;
    const sleeps = status.leases === 0 && !this.#stirred;
    this.#stirred = false;
    if (!sleeps) return this.#tell(status, 'WATCHDOG=1');
    clearInterval(this.#beat);
    this.#beat = undefined;
    this.#parts.notifier.tell(`WATCHDOG_USEC=${ASLEEP_MICROSECONDS}`, 'WATCHDOG=1');
  }

  /** Asking is not what keeps the agent awake. */
  #ask(): Promise<StatusView> {
    this.#isAsking = true;
    try {
      return this.#parts.status();
    } finally {
      this.#isAsking = false;
    }
  }

  #tell(status: StatusView, ...assignments: readonly string[]): void {
    const { notifier, port } = this.#parts;
    notifier.tell(...assignments, `STATUS=${statusToText(status, port)}`);
  }
}
