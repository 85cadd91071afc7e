/** Whom this member has lent seats by name, and who waits for some. */

import { foldCase } from '../../../protocol/fold-case.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import { namedSeats } from '../seats/candidates.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import { namedSeatOf, namedWishOf } from '../seats/named-seat.ts';
import { weightOf } from '../seats/seat-claims.ts';
import type { NamedNeed, NamedWish } from './named-users.ts';

export interface NamedNeedsParts {
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
  readonly book: LeaseBook;
}

/** Of each product and class that has named users. `waiting`: wishes that are waited for here. */
export const namedNeeds = (
  { shelf, judge, book }: NamedNeedsParts,
  waiting: readonly SeatWish[],
  wall: EpochSeconds,
): readonly NamedNeed[] => {
  const needs = new Map<
    string,
    { readonly users: Map<string, number>; readonly need: NamedNeed }
  >();
  for (const { license, pools } of shelf.all()) {
    if (license.type !== 'named') continue;
    const { product } = license;
    for (const { class: className } of pools) {
      const users = new Map<string, number>();
      const total = namedSeats({ shelf, judge }, product, className, wall);
      const need = { product, class: className, total, users };
      needs.set(JSON.stringify([product, className]), { users, need });
    }
  }
  if (needs.size === 0) return [];
  const add = ({ product, class: className, user, seats }: NamedWish): void => {
    const users = needs.get(JSON.stringify([product, className]))?.users;
    const folded = foldCase(user);
    users?.set(folded, Math.max(seats, users.get(folded) ?? 0));
  };
  for (const slot of book.slots()) {
    const seat = namedSeatOf({ book, shelf }, slot);
    if (seat === undefined) continue;
    add({ ...seat, user: book.read(slot).holder.user, seats: weightOf(book.claim(slot)) });
  }
  for (const wish of waiting) add(namedWishOf(wish));
  return [...needs.values()].map(({ need }) => need);
};
