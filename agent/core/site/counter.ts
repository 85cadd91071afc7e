/** Where seats are asked for, as the site uses it. */

import type { Moment } from '../../../protocol/units.ts';
import type { Acquire } from '../seats/lending.ts';
import type { Hearing } from '../sessions/speaker.ts';
import type { Situation } from '../situation.ts';
import type { SiteEnd } from './loan-desk.ts';

/** What a member does at the counter of seats. */
export interface Counter {
  acquire(slot: number, request: Acquire, hearing: Hearing): void;
  takeBack(slot: number, why: SiteEnd, at: Moment, effects: Situation['effects']): void;
  announceEnding(slot: number, at: Moment, effects: Situation['effects']): void;
}
