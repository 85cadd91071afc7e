/**
 * Administrators' changes: each is made, and answered, when it is on the disk. One at a time, so that
 * every change is decided on what is true by then.
 */

import type { CommitQueue } from './commit-queue.ts';
import type { Outcome } from './operations.ts';
import type { Situation } from './situation.ts';
import type { Write } from './write.ts';

/** The number of a change that the agent makes by itself: its outcome is told to nobody. */
export const OWN_CHANGE = 0;

/** Which operation it is, to be answered by this number, and who asks. */
export interface Asked {
  readonly number: number;
  /** Empty where nobody in particular does. */
  readonly who?: string;
}

/** A change that is to be written before it is made. */
export interface Change {
  readonly kind: 'change';
  readonly writes: readonly Write[];
  /** What the store should have when the writing fails. */
  readonly onFailure: readonly Write[];
  /** Makes the change, when it is on the disk. */
  readonly apply: (situation: Situation) => Outcome;
  /** Takes back what was arranged for it, when it could not be written. */
  readonly drop?: (situation: Situation) => void;
}

/** Decides on a change: what is to be written, or its outcome where nothing is. */
export type Decide = (situation: Situation) => Change | Outcome;

export class ChangeQueue {
  readonly #commits: CommitQueue;
  readonly #waiting: { readonly number: number; readonly decide: Decide }[] = [];
  #writing = false;

  constructor(commits: CommitQueue) {
    this.#commits = commits;
  }

  /** The outcome, or `undefined` when it will be among the effects of a later step. */
  make(number: number, decide: Decide, situation: Situation): Outcome | undefined {
    if (this.#writing) {
      this.#waiting.push({ number, decide });
      return undefined;
    }
    const decided = decide(situation);
    if (decided.kind !== 'change') return decided;
    const { writes, onFailure, apply, drop = () => {} } = decided;
    if (writes.length === 0) return apply(situation);
    this.#writing = true;
    const held = { kind: 'operation', number, apply, drop } as const;
    situation.effects.push(this.#commits.commit(writes, held, onFailure));
    return undefined;
  }

  /** To be called when the change under way has been answered: the next one's turn has come. */
  ended(situation: Situation): void {
    this.#writing = false;
    while (!this.#writing) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const outcome = this.make(next.number, next.decide, situation);
      if (outcome !== undefined && next.number !== OWN_CHANGE) {
        situation.effects.push({ kind: 'answer', number: next.number, outcome });
      }
    }
  }
}
