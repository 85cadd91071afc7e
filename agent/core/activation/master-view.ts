/** What an administrator is told of a master, or parent, that a license here names. */

import type { EpochSeconds } from '../../../protocol/units.ts';
import type { MasterFault } from './master-answer.ts';

export interface MasterView {
  /** Its address, as licenses name it. */
  readonly master: string;
  /** As of the last call; `unasked`: none was made since the agent has started. */
  readonly standing: 'answers' | 'silent' | 'unasked';
  /** When it answered last, whatever it said; `null`: not since the agent has started. */
  readonly heard: EpochSeconds | null;
  /** Since when every call was in vain. */
  readonly silentSince: EpochSeconds | null;
  /** The last call that brought nothing, also where later ones did. */
  readonly failure: MasterTrouble | null;
}

export interface MasterTrouble {
  readonly at: EpochSeconds;
  readonly code: MasterFault;
  /** For people: why, and what to do. */
  readonly sentence: string;
}

/** Why its last call was in vain, without its address, which whoever tells of it has named. */
export const reasonOf = ({ master, failure }: Pick<MasterView, 'master' | 'failure'>): string => {
  const sentence = failure?.sentence ?? '';
  const start = `${master} cannot be reached: `;
  return sentence.startsWith(start) ? sentence.slice(start.length) : sentence;
};
