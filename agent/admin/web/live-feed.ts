/**
 * Tells open pages that something has changed, as Server-Sent Events. What changed they ask for
 * themselves. Several changes in a moment are told once; without a page open nothing is done.
 */

import { timerMs } from '../../../protocol/node/clock.ts';
import type { Exchange } from './exchange.ts';
import type { Session, SessionBook } from './session-book.ts';

/** Milliseconds between two messages. */
const GAP_MS = 250;
const FEEDS_MAX = 64;

interface Watcher {
  readonly exchange: Exchange;
  readonly session: Session;
}

export class LiveFeed {
  readonly #sessions: SessionBook;
  readonly #watchers = new Set<Watcher>();
  #timer: NodeJS.Timeout | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #number = 0;

  constructor(sessions: SessionBook) {
    this.#sessions = sessions;
    // A page that stays open elsewhere would show what it has until something changes.
    sessions.whenClosed(() => this.end(false));
  }

  /** Keeps the exchange open and tells it of changes from now on. */
  watch(exchange: Exchange): void {
    const { response, session } = exchange;
    if (session === undefined) return exchange.refuse(401, 'Sign in first.');
    if (this.#watchers.size >= FEEDS_MAX) {
      return exchange.refuse(503, 'Too many pages are open: close some.');
    }
    const watcher = { exchange, session };
    this.#watchers.add(watcher);
    response.on('close', () => this.#watchers.delete(watcher));
    exchange.request.socket.setTimeout(0);
    // The system finds out that the other side is gone, without a timer of ours.
    exchange.request.socket.setKeepAlive(true, 60_000);
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.write('event: hello\ndata: {}\n\n');
  }

  /** Something has changed. */
  news(): void {
    if (this.#watchers.size === 0 || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#toldAt + GAP_MS - timerMs());
    this.#timer = setTimeout(() => this.#tell(), wait);
  }

  /** Ends every feed, or those of sessions that have ended. */
  end(all: boolean): void {
    for (const watcher of this.#watchers) {
      if (!all && this.#sessions.goesOn(watcher.session)) continue;
      this.#watchers.delete(watcher);
      watcher.exchange.response.end();
    }
    if (!all) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tell(): void {
    this.#timer = undefined;
    this.#toldAt = timerMs();
    this.#number++;
    this.end(false);
    for (const { exchange } of this.#watchers) {
      const { response } = exchange;
      // Who does not read gets the next one: each says the same.
      if (response.writableLength === 0) {
        response.write(`event: changed\ndata: {"number":${this.#number}}\n\n`);
      }
    }
  }
}
