/** What was lent or promised where a site could not count it has to end before an agent joins. */

import type { ChildLedger } from '../children/child-ledger.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import { MEMBERS_MAX } from './site-keys.ts';

export type SiteObstacle =
  | 'leases'
  | 'borrowed seats'
  | 'child licenses'
  | 'format'
  | 'members'
  | 'another register';

export interface SiteLook {
  /** The site has heard of this agent before, and has counted its leases. */
  readonly isKnown: boolean;
  /** Its register is kept in the format that this version reads. */
  readonly isReadable: boolean;
  /** It is not the one that this agent knew, and others may believe in what was lent by that. */
  readonly isOther: boolean;
  /** It has as many members as its records can name, without this agent. */
  readonly isFull: boolean;
  /** It counts all that are borrowed. */
  readonly isCounted: boolean;
}

export const obstacleOf = (
  book: Pick<LeaseBook, 'size' | 'borrowings'>,
  children: Pick<ChildLedger, 'size'>,
  { isKnown, isReadable, isOther, isFull, isCounted }: SiteLook,
): SiteObstacle | undefined => {
  if (!isReadable) return 'format';
  if (isOther) return 'another register';
  if (isFull) return 'members';
  if (children.size > 0) return 'child licenses';
  if (!isCounted) return 'borrowed seats';
  return !isKnown && book.size > book.borrowings.size ? 'leases' : undefined;
};

const SENTENCES: Readonly<Record<SiteObstacle, string>> = {
  leases:
    'This agent joins its site when the leases have ended that it granted before: they are not renewed.',
  'borrowed seats':
    'This agent joins its site when the site has counted the seats that are borrowed from it: as many have to be free.',
  'child licenses':
    'This agent joins its site when its child licenses are removed and over: several agents as one site cannot have any yet.',
  'another register':
    'The register of the site has gone back, or was begun anew: this agent joins when all seats have ended that were lent before.',
  members: `This agent does not join its site, which has ${MEMBERS_MAX} members: no more can share its seats.`,
  format:
    'This agent does not join its site: other agents keep its register in a way that this version does not read. Install the same version on all of them.',
};

export const obstacleToSentence = (obstacle: SiteObstacle): string => SENTENCES[obstacle];
