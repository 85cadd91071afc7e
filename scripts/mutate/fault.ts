/** A known fault, as a change to one place of the compiled core. */

import type { WorldName } from '../simulate/worlds.ts';

export interface Fault {
  readonly name: string;
  /** Relative to the compiled tree. */
  readonly file: string;
  /** Found exactly once in the file, or the table is out of date. */
  readonly find: string;
  readonly put: string;
  /** Whose seeds are to see it; by default those of all. */
  readonly world?: WorldName;
  /** The tests, by a pattern of their compiled paths, that see it where worlds meet it too seldom. */
  readonly tests?: string;
}
