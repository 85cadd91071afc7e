/** What no change of a site's register may do, whatever has gone wrong. */

import { decodeMoved } from '../../agent/core/site/moved-record.ts';
import { decodeShares, type Share } from '../../agent/core/site/share-record.ts';
import {
  BORROWED,
  DEAD_PREFIX,
  deadKey,
  type MemberId,
  MOVED_PREFIX,
  POOL_PREFIX,
  poolKey,
} from '../../agent/core/site/site-keys.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import type { SiteGuest } from './site-guest.ts';
import type { RegisterChange, SiteRegister } from './site-register.ts';

export interface Broken {
  readonly invariant: string;
  readonly detail: string;
}

/** A license whose seats a site shares, and who believes in one of them now. */
export interface Lent {
  readonly id: LicenseId;
  readonly seats: number;
  readonly guests: readonly SiteGuest[];
}

/** Of each license that comes and goes. */
const OTHER: Omit<Lent, 'id'> = { seats: 1, guests: [] };

export const judgeChanges = (
  changes: readonly RegisterChange[],
  register: SiteRegister,
  licenses: readonly Lent[],
): Broken | undefined => {
  const moves = changes.filter(({ key }) => key.startsWith(MOVED_PREFIX));
  // Its own adopter may write under which of its acquires the client asks for it now.
  const again = moves.find(
    ({ before, after }) => before && after && adopterIn(before) !== adopterIn(after),
  );
  if (again !== undefined) {
    return { invariant: 'a lease is taken over once', detail: again.key };
  }
  for (const { key, before, after } of changes) {
    if (!key.startsWith(POOL_PREFIX)) continue;
    const isOf = ({ id }: Lent): boolean => key.startsWith(poolKey(id, ''));
    const { seats, guests } = licenses.find(isOf) ?? OTHER;
    const [old, shares] = [sharesIn(before), sharesIn(after)];
    const shared = shares.reduce((sum, one) => sum + one.seats, 0);
    if (shared > seats) {
      const detail = `${shared} of ${seats}`;
      return { invariant: 'no more seats are shared than there are', detail };
    }
    const broken = moves.length === 0 ? judgeDead(old, shares, register, guests) : undefined;
    if (broken !== undefined) return broken;
  }
  return undefined;
};

/** Seats of the dead that nobody takes over are shared when nobody believes in them. */
const judgeDead = (
  before: readonly Share[],
  after: readonly Share[],
  register: SiteRegister,
  guests: readonly SiteGuest[],
): Broken | undefined => {
  for (const { member, seats } of before) {
    const left = seatsOf(after, member);
    if (left >= seats || register.get(deadKey(member)) === undefined) continue;
    const believed = guests
      .filter((guest) => guest.member === member)
      .reduce((sum, { weight }) => sum + weight, 0);
    if (believed <= left) continue;
    const detail = `${believed} are believed in that ${DEAD_PREFIX}${member} has lent, ${left} are left`;
    return { invariant: 'seats of the dead are shared when nobody believes in them', detail };
  }
  return undefined;
};

const adopterIn = (value: Uint8Array): MemberId | undefined => decodeMoved(value)?.adopter;

/** Seats of a pool that are borrowed. */
export const borrowedOf = (value: Uint8Array | undefined): number =>
  seatsOf(sharesIn(value), BORROWED);

const sharesIn = (value: Uint8Array | undefined): readonly Share[] =>
  (value && decodeShares(value)) ?? [];

const seatsOf = (shares: readonly Share[], member: MemberId): number =>
  shares.find((share) => share.member === member)?.seats ?? 0;
