/** What a member of a site is made of. */

import type { Charter } from '../charter/charter.ts';
import type { ChildLedger } from '../children/child-ledger.ts';
import type { Reach } from '../discovery/reach.ts';
import type { Preferences } from '../preferences.ts';
import type { Lending } from '../seats/lending.ts';
import type { SeatClaims } from '../seats/seat-claims.ts';
import type { WaitingRoom } from '../seats/waiting-room.ts';
import type { AdoptionParts } from './adoption.ts';
import type { DemandParts } from './demand.ts';
import type { Editions } from './editions.ts';
import type { LoanDeskParts } from './loan-desk.ts';
import type { MeterSharesParts } from './meter-shares.ts';

export interface SiteParts
  extends AdoptionParts,
    LoanDeskParts,
    MeterSharesParts,
    Omit<DemandParts, 'sessions' | 'blocks' | 'rules' | 'claims' | 'shelf' | 'book'> {
  /** 32 secret random bytes: the site's, should nobody have made one. */
  readonly secret: Uint8Array;
  readonly claims: SeatClaims;
  readonly version: string;
  readonly preferences: Preferences;
  readonly reach: Reach;
  readonly children: Pick<ChildLedger, 'size'>;
  readonly lending: Lending;
  readonly waiting: WaitingRoom;
  readonly charter: Charter;
  readonly editions: Editions;
}
