/** What may be said only when a commit is on the disk, in the order of the commits. */

import type { Endpoint } from '../../protocol/endpoint.ts';
import type { Effect, Write } from './effects.ts';
import type { Outcome } from './operations.ts';
import type { Situation } from './situation.ts';

export type Held =
  /** A grant: who asked, by which acquire, and how long a reply may be. */
  | {
      readonly kind: 'grant';
      readonly slot: number;
      readonly requestId: number;
      readonly to: Endpoint;
      readonly replyMax: number;
    }
  /** An administrator's change: made, and answered, when it is on the disk. */
  | {
      readonly kind: 'operation';
      readonly number: number;
      readonly apply: (situation: Situation) => Outcome;
    };

interface Waiting {
  readonly ticket: number;
  readonly held: Held;
}

export class CommitQueue {
  #lastTicket = 0;
  #waiting: Waiting[] = [];
  #first = 0;

  /** The effect that makes `writes` durable; `held` is given back by `settle` when they are. */
  commit(writes: readonly Write[], held?: Held): Extract<Effect, { kind: 'commit' }> {
    const ticket = ++this.#lastTicket;
    if (held !== undefined) this.#waiting.push({ ticket, held });
    return { kind: 'commit', ticket, writes };
  }

  /** Takes out what waited for commits up to `ticket`, in order. */
  settle(ticket: number): readonly Held[] {
    const start = this.#first;
    while ((this.#waiting[this.#first]?.ticket ?? Number.POSITIVE_INFINITY) <= ticket)
      this.#first++;
    const settled = this.#waiting.slice(start, this.#first).map((waiting) => waiting.held);
    if (this.#first === this.#waiting.length) {
      this.#waiting = [];
      this.#first = 0;
    }
    return settled;
  }
}
