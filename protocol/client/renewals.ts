/** When a held seat is renewed, which renewals may still be answered, and how long they were not. */

import { after, type Instant, type Millis, type Seconds } from '../units.ts';
import type { Jitter } from './jitter.ts';
import { renewAfter, renewAgainAfter, renewEndingAfter, renewWatchfullyAfter } from './pace.ts';

/** Renewals without an answer before the agent counts as unreachable. */
const UNANSWERED_MAX = 2;
/** An unanswered one is tried again so soon, in milliseconds, where others may take the seat over. */
const WATCHFUL_MS = 250;
/** Renewals that may still be answered. */
const PENDING_MAX = 16;

export class Renewals {
  readonly #jitter: Jitter;
  readonly #term: Seconds;
  readonly #within: Seconds | undefined;
  /** When each renewal was sent, by id. */
  readonly #sentAt = new Map<number, Instant>();
  #dueAt: Instant;
  #unanswered = 0;
  /** The agent does not renew, and may change its mind: asked less often than a silent one. */
  #isEnding = false;

  /** Counted as if renewed at `since`. `within`: so soon its agent's silence is to be noticed. */
  constructor(since: Instant, term: Seconds, jitter: Jitter, within: Seconds | undefined) {
    this.#jitter = jitter;
    this.#term = term;
    this.#within = within;
    this.#dueAt = after(since, this.#pace(term));
  }

  get dueAt(): Instant {
    return this.#dueAt;
  }

  /** No renewal since the last answer has been answered, and at least one was sent. */
  get isWaiting(): boolean {
    return this.#unanswered > 0;
  }

  get isUnreachable(): boolean {
    return this.#unanswered > UNANSWERED_MAX;
  }

  /** How many were sent since the last answer. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /**
   * Counts a renewal that is due; the caller sends it. `left`: how long the seat is still held. True
   * when the agent became unreachable.
   */
  begin(now: Instant, left: Millis): boolean {
    const before = this.isUnreachable;
    this.#unanswered++;
    const pace = this.#isEnding
      ? renewEndingAfter(left)
      : renewAgainAfter(
          this.#unanswered,
          this.#term,
          this.#jitter.next(),
          this.#within === undefined ? undefined : WATCHFUL_MS,
        );
    this.#dueAt = after(now, pace);
    return this.isUnreachable && !before;
  }

  /** Each renewal has an id of its own: its answer extends the seat from when that one was sent. */
  sent(id: number, now: Instant): void {
    const [oldest] = this.#sentAt.keys();
    if (this.#sentAt.size >= PENDING_MAX && oldest !== undefined) this.#sentAt.delete(oldest);
    this.#sentAt.set(id, now);
  }

  /** When the renewal of this id was sent, if it may still be answered. */
  sentAt(id: number): Instant | undefined {
    return this.#sentAt.get(id);
  }

  /** A renewal sent at `sentAt` has been answered: the seat is renewed. */
  renewed(sentAt: Instant, term: Seconds): void {
    this.#answered();
    this.#isEnding = false;
    this.#dueAt = after(sentAt, this.#pace(term));
  }

  #pace(term: Seconds): Millis {
    const jitter = this.#jitter.next();
    if (this.#within === undefined) return renewAfter(term, jitter);
    return renewWatchfullyAfter(this.#within, term, jitter);
  }

  /** The agent says that it does not renew. `left`: how long the seat is still held. */
  ending(now: Instant, left: Millis): void {
    this.#answered();
    this.#isEnding = true;
    this.#dueAt = after(now, renewEndingAfter(left));
  }

  /** Something has changed that the agent should know at once. */
  hurry(now: Instant): void {
    this.#dueAt = now;
  }

  /** What was sent before is of no account: its answers may come in any order. */
  #answered(): void {
    this.#sentAt.clear();
    this.#unanswered = 0;
  }
}
