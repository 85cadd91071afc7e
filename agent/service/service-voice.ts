/**
 * What the running agent tells its service manager: that it is ready, what it serves, and again and
 * again that it is alive. It says so only after the agent itself has answered, so that one that hangs
 * is started anew.
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

export class ServiceVoice implements Disposable {
  readonly #parts: ServiceVoiceParts;
  #beat: NodeJS.Timeout | undefined;
  #news: NodeJS.Timeout | undefined;

  constructor(parts: ServiceVoiceParts) {
    this.#parts = parts;
  }

  /** Says that the agent serves, and begins to say that it is alive. */
  async ready(): Promise<void> {
    await this.#tell('READY=1');
    const { watchdogMs } = this.#parts.notifier;
    if (watchdogMs === undefined) return;
    // Half the time, as sd_watchdog_enabled(3) advises.
    this.#beat = setInterval(() => void this.#tell('WATCHDOG=1'), watchdogMs / 2);
    this.#beat.unref();
  }

  /** Something has happened: the status is told soon. */
  news(): void {
    this.#news ??= setTimeout(() => {
      this.#news = undefined;
      void this.#tell();
    }, NEWS_EVERY_MS).unref();
  }

  stopping(): void {
    this[Symbol.dispose]();
    this.#parts.notifier.tell('STOPPING=1', 'STATUS=Stopping; seats that are held stay held.');
  }

  [Symbol.dispose](): void {
    clearInterval(this.#beat);
    clearTimeout(this.#news);
  }

  async #tell(...assignments: readonly string[]): Promise<void> {
    const { notifier, status, port } = this.#parts;
    const text = statusToText(await status(), port);
    notifier.tell(...assignments, `STATUS=${text}`);
  }
}
