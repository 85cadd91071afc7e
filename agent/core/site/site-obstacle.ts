/** What was lent or promised where a site could not count it has to end before an agent joins. */

import type { ChildLedger } from '../children/child-ledger.ts';
import type { LeaseBook } from '../seats/lease-book.ts';

export type SiteObstacle = 'leases' | 'borrowed seats' | 'child licenses';

/** `isKnown`: the site has heard of this agent before, and has counted its leases. */
export const obstacleOf = (
  book: Pick<LeaseBook, 'size' | 'borrowings'>,
  children: Pick<ChildLedger, 'size'>,
  isKnown: boolean,
): SiteObstacle | undefined => {
  if (children.size > 0) return 'child licenses';
  if (book.borrowings.size > 0) return 'borrowed seats';
  return !isKnown && book.size > 0 ? 'leases' : undefined;
};

const SENTENCES: Readonly<Record<SiteObstacle, string>> = {
  leases:
    'This agent joins its site when the leases have ended that it granted before: they are not renewed.',
  'borrowed seats':
    'This agent joins its site when its borrowed seats have come back: several agents as one site cannot have any yet.',
  'child licenses':
    'This agent joins its site when its child licenses are removed and over: several agents as one site cannot have any yet.',
};

export const obstacleToSentence = (obstacle: SiteObstacle): string => SENTENCES[obstacle];
