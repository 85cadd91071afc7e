/** The way out for an administrator whose clock was wrong in the future. */

import { unreachable } from '../../protocol/result.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import type { EmergencyDesk } from './activation/emergency-desk.ts';
import type { Change, ChangeQueue } from './change-queue.ts';
import type { LicenseShelf } from './licenses/license-shelf.ts';
import type { TrialLedger } from './licenses/trial-ledger.ts';
import { type ClockView, type Outcome, refuseOperation } from './operations.ts';
import type { Situation } from './situation.ts';
import { CLOCK_RESETS_MAX, type ClockResetFault, type WallGuard } from './wall-guard.ts';

export interface ClockDeskParts {
  readonly wallGuard: WallGuard;
  readonly shelf: LicenseShelf;
  readonly trials: TrialLedger;
  readonly emergencyDesk: EmergencyDesk;
  readonly changes: ChangeQueue;
}

export class ClockDesk {
  readonly #parts: ClockDeskParts;

  constructor(parts: ClockDeskParts) {
    this.#parts = parts;
  }

  view({ clock }: Situation): ClockView {
    const { wallGuard } = this.#parts;
    return {
      behind: wallGuard.behind(clock),
      judged: epochSeconds(Math.max(clock, wallGuard.latest)),
    };
  }

  /** Lets this computer's clock be true; the outcome, or `undefined` when it comes after a commit. */
  reset(number: number, situation: Situation): Outcome | undefined {
    return this.#parts.changes.make(number, (later) => this.#decide(later), situation);
  }

  #decide({ clock }: Situation): Change | Outcome {
    const { wallGuard, shelf, trials, emergencyDesk } = this.#parts;
    const issued = [...shelf.all()].map(({ license }) => license.issued);
    const plan = wallGuard.reset(clock, epochSeconds(Math.max(0, ...issued)));
    if (!plan.ok) return refuseOperation('clock-refused', sentenceOf(plan.error));
    const { writes, onFailure } = plan.value;
    const late = trials.pullBack(clock);
    const back = wallGuard.behind(clock);
    const left = emergencyDesk.setBack(seconds(Math.max(0, back - wallGuard.leapt)), clock);
    const apply = (later: Situation): Outcome => {
      wallGuard.apply(writes);
      for (const { key, value } of late.writes) if (value !== null) trials.restore(key, value);
      left.apply();
      later.effects.push({ kind: 'note', note: { kind: 'clock-reset', back } });
      return { kind: 'clock-reset', clock: this.view(later) };
    };
    return {
      kind: 'change',
      writes: [...writes, ...late.writes, ...left.writes],
      onFailure: [...onFailure, ...late.onFailure, ...left.onFailure],
      apply,
    };
  }
}

const sentenceOf = (fault: ClockResetFault): string => {
  switch (fault) {
    case 'not-behind':
      return 'The clock of this computer is not behind the latest time that the agent has seen: there is nothing to reset. See `usher status`.';
    case 'before-license':
      return 'The clock of this computer is still wrong: it is before the day on which a license here was issued. Set it right first, then again: `usher clock reset`.';
    case 'no-resets-left':
      return `The clock has been reset ${CLOCK_RESETS_MAX} times, as often as it can be. Ask the vendor for a new license and add it with \`usher license add FILE\`: its date of issue proves the time, and allows one more.`;
    default:
      return unreachable(fault);
  }
};
