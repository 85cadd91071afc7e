/** What is said of a seat that was granted, and whether it is still what was decided on. */

import type { LicenseId } from '../../protocol/ids.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { LeaseBook } from './lease-book.ts';
import type { LicenseShelf } from './license-shelf.ts';
import type { SeatClaim } from './seat-claims.ts';
import { refusal } from './speaker.ts';

interface GrantedParts {
  readonly book: LeaseBook;
  readonly shelf: LicenseShelf;
}

/** The parts of a lease's seat with the licenses that they are of now; one may have been removed. */
export const grantedReply = ({ book, shelf }: GrantedParts, slot: number, id: number): Reply => {
  const { parts, overdraft } = book.claim(slot);
  const spoken = parts.flatMap(({ pool, seats }) => {
    const { licenseId } = pool.counting;
    const shelved = shelf.get(licenseId);
    if (shelved === undefined) return [];
    const index = shelved.license.pools.length === 0 ? null : shelved.pools.indexOf(pool.counting);
    return [{ document: shelved.proofHash, pool: index, seats }];
  });
  if (spoken.length < parts.length) return refusal(id, 'license-removed');
  return { kind: 'granted', id, term: book.term(slot), overdraft, parts: spoken };
};

/** The licenses in which the seats of a claim are counted. */
export const licensesOf = ({ parts }: SeatClaim): readonly LicenseId[] =>
  parts.map(({ pool }) => pool.counting.licenseId);

/**
 * Why a seat that was decided on is not spoken of: another license has taken the place of one that
 * was chosen, and may not cover what was asked for.
 */
export const refuseHeir = (
  claim: SeatClaim,
  chosen: readonly LicenseId[],
): RefusalCode | undefined => {
  const now = licensesOf(claim);
  return chosen.every((id, i) => now[i] === id) ? undefined : 'license-superseded';
};
