/** Seats for users by name: which leases are of such a seat. */

import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { NamedUsers, NamedWish } from '../site/named-users.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Named } from './named.ts';
import type { Roster } from './roster.ts';
import { type SeatClaim, weightOf } from './seat-claims.ts';

interface NamedSeatParts {
  readonly book: LeaseBook;
  readonly shelf: LicenseShelf;
}

/** What a lease is of, where that is a named license. */
export const namedSeatOf = ({ book, shelf }: NamedSeatParts, slot: number): Named | undefined => {
  const { parts, asked } = book.claim(slot);
  const license = parts[0] && shelf.get(parts[0].pool.counting.licenseId)?.license;
  return license?.type === 'named' ? { product: license.product, class: asked } : undefined;
};

/** Whether a lease is of somebody whose recall is being written: nothing is given to it any more. */
export const isBeingRecalled = (
  parts: NamedSeatParts & { readonly roster: Pick<Roster, 'isLeaving'> },
  slot: number,
): boolean => {
  const named = namedSeatOf(parts, slot);
  if (named === undefined) return false;
  const { user } = parts.book.read(slot).holder;
  return parts.roster.isLeaving(named.product, named.class, user);
};

/** What a wish is of a license for named users. `held`: what its user has here already. */
export const namedWishOf = (wish: SeatWish, held?: SeatClaim): NamedWish => {
  const { product, holder, weight } = wish;
  const seats = Math.max(weight, held === undefined ? 0 : weightOf(held));
  return { product, class: wish.class ?? GENERIC_CLASS, user: holder.user, seats };
};

/** Whether a lease is of somebody who is not written down to have it here. */
export const isUnseated = (
  named: Pick<NamedUsers, 'admits'> | undefined,
  { book, shelf }: NamedSeatParts,
  slot: number,
): boolean => {
  const seat = named && namedSeatOf({ book, shelf }, slot);
  if (seat === undefined) return false;
  const { user } = book.read(slot).holder;
  return !named?.admits({ ...seat, user, seats: weightOf(book.claim(slot)) });
};
