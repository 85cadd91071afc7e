/** Stages: dated changes of how many seats a pool has. */

import type { EpochSeconds } from './units.ts';

/** From `from` on and before `until` (`null`: for ever) the pool has `seats` seats. */
export interface Stage {
  readonly from: EpochSeconds;
  readonly until: EpochSeconds | null;
  readonly seats: number;
}

const isIn = (stage: Stage, wall: EpochSeconds): boolean =>
  wall >= stage.from && (stage.until === null || wall < stage.until);

/** The seats at a time: of the last stage in the list that it falls into, else `seats`. */
export const seatsAt = (
  { seats, stages }: { readonly seats: number; readonly stages: readonly Stage[] },
  wall: EpochSeconds,
): number => stages.findLast((stage) => isIn(stage, wall))?.seats ?? seats;

/** The first time after `wall` at which a stage begins or ends; `undefined` when none does. */
export const nextStageChange = (
  stages: readonly Stage[],
  wall: EpochSeconds,
): EpochSeconds | undefined => {
  let next: EpochSeconds | undefined;
  for (const { from, until } of stages) {
    for (const time of [from, until]) {
      if (time !== null && time > wall && (next === undefined || time < next)) next = time;
    }
  }
  return next;
};
