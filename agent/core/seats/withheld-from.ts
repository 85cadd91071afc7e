/** What reservations keep from somebody at this agent, by what is free and taken up here. */

import type { SeatWish } from '../../../protocol/requests.ts';
import type { Asker, Reservation } from '../rules/rule.ts';
import { targetOf } from '../rules/rule-book.ts';
import { takenUp } from '../rules/taken-up.ts';
import { type Withheld, withheldSeats } from '../rules/withheld-seats.ts';
import type { AllocationParts, Bid } from './bid.ts';

/**
 * Seats that the administrator keeps for others, of licenses that are in force: of the free ones and of
 * those beyond the licensed count, as a seat is a seat to whoever it is kept for.
 */
export const withheldFrom = (
  { rules, claims, reserves, shelf, judge }: AllocationParts,
  { wish, wall }: Pick<Bid, 'wish' | 'wall'>,
  asker: Asker,
): Withheld => {
  if (rules.current.isEmpty) return { seats: 0, generic: 0 };
  const free = (name: string): number =>
    shelf
      .ofProduct(wish.product)
      .filter((one) => judge.renewalRefusal(one, wall) === undefined)
      .flatMap(({ pools }) => pools)
      .reduce((sum, pool) => sum + (pool.class === name ? pool.free + pool.tolerated : 0), 0);
  const kept = reservationsHere({ rules, reserves }, wish);
  const reserved = takenHere({ claims, reserves }, kept);
  const taken = (key: string): number => reserved.get(key) ?? 0;
  return withheldSeats(rules.current, asker, targetOf(wish), { kept, free, taken });
};

/** The reservations of the product, with what of them is to be kept, or is taken up, at this agent. */
const reservationsHere = (
  { rules, reserves }: Pick<AllocationParts, 'rules' | 'reserves'>,
  wish: Pick<SeatWish, 'product'>,
): readonly Reservation[] => {
  const all = rules.current.reservations(wish);
  return reserves?.here(all) ?? all;
};

const takenHere = (
  { claims, reserves }: Pick<AllocationParts, 'claims' | 'reserves'>,
  kept: readonly Reservation[],
): ReadonlyMap<string, number> => reserves?.taken(kept) ?? takenUp(kept, claims.reserved());

/**
 * By which reservations a seat is kept here for this wish, of all that are for it (`reservedFor`): who
 * waits and is in none of them has no use for that seat, however long. All or none: a seat that fits
 * several is counted on any one of them.
 */
export const openReserves = (
  parts: Pick<AllocationParts, 'rules' | 'claims' | 'reserves'>,
  { product, weight }: Pick<SeatWish, 'product' | 'weight'>,
  reservedFor: readonly string[],
): readonly string[] => {
  if (reservedFor.length === 0) return reservedFor;
  const kept = reservationsHere(parts, { product });
  const taken = takenHere(parts, kept);
  const isOpen = kept.some(
    ({ key, seats }) => reservedFor.includes(key) && seats - (taken.get(key) ?? 0) >= weight,
  );
  return isOpen ? reservedFor : NONE;
};

const NONE: readonly string[] = [];

/** Seats taken up of each reservation of the product, by its key. */
export const reservedSeats = (
  parts: Pick<AllocationParts, 'rules' | 'claims' | 'reserves'>,
  wish: Pick<SeatWish, 'product'>,
): ReadonlyMap<string, number> => takenHere(parts, reservationsHere(parts, wish));
