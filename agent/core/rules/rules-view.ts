/** The rules as they stand, for people. */

import type { RuleFault, RuleLine } from './rule.ts';

export interface RulesView {
  /** Those in force, by the lines of the file. */
  readonly lines: readonly RuleLine[];
  /** `false`: there were none to take up since the agent has started, so that nothing is lent. */
  readonly inForce: boolean;
  /** Those in force are of before the agent's start, as the file was faulty since. */
  readonly lastGood: boolean;
  /** What is wrong with the file as it was seen last: it was not taken up. */
  readonly faults: readonly RuleFault[];
  /** Rules that do nothing yet. */
  readonly warnings: readonly RuleFault[];
}
