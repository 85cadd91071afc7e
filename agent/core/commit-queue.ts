/** What may be said only when a commit is on the disk, in the order of the commits. */

import type { Endpoint } from '../../protocol/endpoint.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import type { Effect } from './effects.ts';
import type { Outcome } from './operations.ts';
import type { Situation } from './situation.ts';
import type { Write } from './write.ts';

export type Held =
  /**
   * A grant: which entry in the book, of which licenses, for what resource, who asked, by which
   * acquire, and how long a reply may be.
   */
  | {
      readonly kind: 'grant';
      readonly slot: number;
      readonly entry: number;
      readonly licenses: readonly LicenseId[];
      readonly resource: string | null;
      readonly requestId: number;
      readonly to: Endpoint;
      readonly replyMax: number;
    }
  /** An administrator's change: made, and answered, when it is on the disk; dropped when it is not. */
  | {
      readonly kind: 'operation';
      readonly number: number;
      readonly apply: (situation: Situation) => Outcome;
      readonly drop: (situation: Situation) => void;
    }
  /** Something rarer: what to do when it is on the disk, and when it could not be written. */
  | {
      readonly kind: 'rare';
      readonly settle: (situation: Situation) => void;
      readonly fail: (situation: Situation) => void;
    };

type CommitEffect = Extract<Effect, { kind: 'commit' }>;

interface Waiting {
  readonly ticket: number;
  readonly held: Held | undefined;
  readonly onFailure: readonly Write[];
}

export class CommitQueue {
  #lastTicket = 0;
  #waiting: Waiting[] = [];
  #first = 0;
  /** What the store may have wrong since a commit failed, and how it should be. */
  readonly #owed = new Map<string, Write>();

  /** A commit has failed, and what the store should have is not on its way again. */
  get owes(): boolean {
    return this.#owed.size > 0;
  }

  /**
   * The effect that makes `writes` durable; `held` is given back by `settle` or `fail`. A write that
   * failed may be on the disk all the same: `onFailure` says what shall be there then, and goes
   * along with the next commit.
   */
  commit(writes: readonly Write[], held?: Held, onFailure = writes): CommitEffect {
    const ticket = ++this.#lastTicket;
    if (this.#owed.size === 0) {
      this.#waiting.push({ ticket, held, onFailure });
      return { kind: 'commit', ticket, writes };
    }
    const owed = [...this.#owed.values()];
    this.#owed.clear();
    this.#waiting.push({ ticket, held, onFailure: [...owed, ...onFailure] });
    return { kind: 'commit', ticket, writes: [...owed, ...writes] };
  }

  /** Whether a commit that is on its way, or owed, says something of a key. */
  concerns(key: string): boolean {
    return Boolean(this.#owed.get(key)?.value) || this.#isUnderWay(key);
  }

  /** Whether a key may be in the store otherwise than it should be. */
  isDoubtful(key: string): boolean {
    return this.#owed.has(key) || this.#isUnderWay(key);
  }

  #isUnderWay(key: string): boolean {
    return this.#waiting
      .slice(this.#first)
      .some(({ onFailure }) => onFailure.some((write) => write.key === key));
  }

  /** Takes out what waited for commits up to `ticket`, in order: they are on the disk. */
  settle(ticket: number): readonly Held[] {
    return this.#take(ticket).flatMap(({ held }) => held ?? []);
  }

  /** Takes out what waited for commits up to `ticket`, in order: they are not on the disk. */
  fail(ticket: number): readonly Held[] {
    const failed = this.#take(ticket);
    for (const { onFailure } of failed) {
      for (const write of onFailure) this.#owed.set(write.key, write);
    }
    // What is on its way says how things are meant to be, later than what has failed.
    for (const { onFailure } of this.#waiting.slice(this.#first)) {
      for (const { key } of onFailure) this.#owed.delete(key);
    }
    return failed.flatMap(({ held }) => held ?? []);
  }

  #take(ticket: number): readonly Waiting[] {
    const start = this.#first;
    while ((this.#waiting[this.#first]?.ticket ?? Number.POSITIVE_INFINITY) <= ticket)
      this.#first++;
    const taken = this.#waiting.slice(start, this.#first);
    // Under a steady load the queue is never empty: what was taken must not pile up in front.
    if (2 * this.#first >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return taken;
  }
}
