/** What is said of a seat that was granted. */

import { refuseFeatures, refuseResource, refuseVersion } from '../../../protocol/coverage.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { Reply, Takeover } from '../../../protocol/replies.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { ClaimPart } from '../seats/seat-claims.ts';
import { refusal } from './speaker.ts';

interface GrantedParts {
  readonly book: LeaseBook;
  readonly shelf: LicenseShelf;
  readonly site:
    | { readonly adoption: { readonly takeoverOf: (slot: number) => Takeover | undefined } }
    | undefined;
}

/**
 * The lease's own parts of its seat with the licenses that they are of now; one may have been removed.
 * With how it goes on where another member of a site may take the lease over.
 */
export const grantedReply = (
  { book, shelf, site }: GrantedParts,
  slot: number,
  id: number,
): Reply => {
  const parts = book.parts(slot);
  const { overdraft } = book.claim(slot);
  const spoken = parts.flatMap(({ pool, seats }) => {
    const { licenseId } = pool.counting;
    const shelved = shelf.get(licenseId);
    if (shelved === undefined) return [];
    const index = shelved.license.pools.length === 0 ? null : shelved.pools.indexOf(pool.counting);
    return [{ document: shelved.proofHash, pool: index, seats }];
  });
  if (spoken.length < parts.length) return refusal(id, 'license-removed');
  const takeover = site?.adoption.takeoverOf(slot);
  const term = book.term(slot);
  // Each form by itself: of an object that is spread the engine makes a shape of its own each time.
  return takeover === undefined
    ? { kind: 'granted', id, term, overdraft, parts: spoken }
    : { kind: 'granted', id, term, overdraft, parts: spoken, takeover };
};

/** The licenses in which these seats are counted. */
export const licensesOf = (parts: readonly ClaimPart[]): readonly LicenseId[] =>
  parts.map(({ pool }) => pool.counting.licenseId);

/**
 * Whether the client of such a wish would believe in these seats as they are shown now: another
 * license may have taken the place of one of them since they were granted.
 */
export const isWorth = (
  { shelf }: Pick<GrantedParts, 'shelf'>,
  parts: readonly ClaimPart[],
  wish: SeatWish,
): boolean => {
  const shown = parts.map(({ pool: { counting } }) => ({
    license: shelf.get(counting.licenseId)?.license,
    className: counting.class,
  }));
  const licenses = shown.flatMap(({ license }) => license ?? []);
  const servers = licenses.filter(({ type }) => type === 'server');
  const switchedOn = new Set(servers.flatMap(({ features }) => features));
  const fits = (className: string): boolean =>
    className === wish.class || className === GENERIC_CLASS;
  return shown.every(
    ({ license, className }) =>
      license !== undefined &&
      refuseVersion(license, wish) === undefined &&
      refuseResource(license, wish.resource ?? undefined, wish) === undefined &&
      (license.type === 'server' ||
        (fits(className) && refuseFeatures(license, switchedOn, wish) === undefined)),
  );
};
