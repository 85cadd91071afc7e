/** When a held seat is renewed, which renewals may still be answered, and how long they were not. */

import { after, type Instant, type Seconds } from '../units.ts';
import { renewAfter, renewAgainAfter } from './pace.ts';

/** Renewals without an answer before the agent counts as unreachable. */
const UNANSWERED_MAX = 2;
/** Renewals that may still be answered. */
const PENDING_MAX = 16;

export class Renewals {
  /** Differs between clients, 0 to 1. */
  readonly #spread: number;
  /** When each renewal was sent, by id. */
  readonly #sentAt = new Map<number, Instant>();
  #dueAt: Instant;
  #unanswered = 0;

  constructor(now: Instant, term: Seconds, spread: number) {
    this.#spread = spread;
    this.#dueAt = after(now, renewAfter(term, spread));
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

  /** Counts a renewal that is due; the caller sends it. True when the agent became unreachable. */
  begin(now: Instant, term: Seconds): boolean {
    const before = this.isUnreachable;
    this.#unanswered++;
    this.#dueAt = after(now, renewAgainAfter(this.#unanswered, term));
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

  /** A renewal sent at `sentAt` has been answered. */
  answered(sentAt: Instant, term: Seconds): void {
    this.#sentAt.clear();
    this.#unanswered = 0;
    this.#dueAt = after(sentAt, renewAfter(term, this.#spread));
  }
}
