/** What surrounds an administrator's operation while it is done. */

import type { EpochSeconds, Moment } from '../../protocol/units.ts';
import type { Effect } from './effects.ts';
import type { JudgedHost } from './host/judged-host.ts';

/** The moment and the host an operation is done in, and where its effects go. */
export interface Situation {
  readonly at: Moment;
  /** What this computer's clock says, which may be behind what licenses are judged by. */
  readonly clock: EpochSeconds;
  readonly host: JudgedHost;
  /** Why the store cannot be written, while it cannot. */
  readonly storeTrouble: string | null;
  readonly effects: Effect[];
}
