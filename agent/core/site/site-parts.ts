/** What a member of a site is made of, and what it does at the counter of seats. */

import type { Moment } from '../../../protocol/units.ts';
import type { Charter } from '../charter/charter.ts';
import type { ChildLedger } from '../children/child-ledger.ts';
import type { Reach } from '../discovery/reach.ts';
import type { Preferences } from '../preferences.ts';
import type { Acquire, Lending } from '../seats/lending.ts';
import type { WaitingRoom } from '../seats/waiting-room.ts';
import type { Hearing } from '../sessions/speaker.ts';
import type { Situation } from '../situation.ts';
import type { AdoptionParts } from './adoption.ts';
import type { LoanDeskParts, SiteEnd } from './loan-desk.ts';
import type { MeterSharesParts } from './meter-shares.ts';

export interface SiteParts extends AdoptionParts, LoanDeskParts, MeterSharesParts {
  readonly version: string;
  readonly preferences: Preferences;
  readonly reach: Reach;
  readonly children: Pick<ChildLedger, 'size'>;
  readonly lending: Lending;
  readonly waiting: WaitingRoom;
  readonly charter: Charter;
}

/** What a member does at the counter of seats. */
export interface Counter {
  acquire(slot: number, request: Acquire, hearing: Hearing): void;
  takeBack(slot: number, why: SiteEnd, at: Moment, effects: Situation['effects']): void;
}
