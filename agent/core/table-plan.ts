/** An administrator's change of a table that the members of a site may have in common. */

import type { Asked, Change, ChangeQueue } from './change-queue.ts';
import type { Outcome } from './operations.ts';
import type { Situation } from './situation.ts';

export interface TablePlan<After> {
  readonly kind: 'plan';
  /** The part of the table that changes, as it will be. */
  readonly after: After;
  /** There is nothing to be changed. */
  readonly isEmpty: boolean;
  /** Makes it true here. */
  readonly change: () => Change;
}

/** Plans a change of what there is now, or says its outcome where nothing is to be planned. */
export type MakePlan<After> = (situation: Situation) => TablePlan<After> | Outcome;

/** Makes a change here alone; the outcome, or `undefined` when it will be among the effects. */
export const makeHere = <After>(
  changes: ChangeQueue,
  { number }: Asked,
  plan: MakePlan<After>,
  situation: Situation,
): Outcome | undefined => {
  const decide = (later: Situation): Change | Outcome => {
    const planned = plan(later);
    return planned.kind === 'plan' ? planned.change() : planned;
  };
  return changes.make(number, decide, situation);
};
