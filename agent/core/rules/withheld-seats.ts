/** How many free seats reservations keep from somebody. */

import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { Asker, Reservation } from './rule.ts';
import type { Rules } from './rules.ts';

/** What the agent knows of the seats of one product that a request may be served from. */
export interface SeatCounts {
  /** The reservations of the product, with the seats that are to be kept, or are taken up, here. */
  readonly kept: readonly Reservation[];
  /** Seats of a class that may be lent yet, generic ones by their own name; zero where there is no such class. */
  readonly free: (className: string) => number;
  /** Seats of a reservation, by its key, that are taken up. */
  readonly taken: (key: string) => number;
}

/** A seat of this class, or a generic one in its place. Who names no class asks for `generic`. */
export interface ClassTarget {
  readonly product: string;
  readonly class: string;
}

/** What is kept from an asker. */
export interface Withheld {
  /** Of the free seats that the request could use. */
  readonly seats: number;
  /** Of the generic ones among them: for other classes, whose seats do not cover it. */
  readonly generic: number;
}

/**
 * How many of the free seats that the request could use, those of its class and generic ones, are
 * kept from the asker: 0 to all of them. What a reservation still keeps is its seats less those
 * that are taken up. One of the class, or of any class, keeps so many of these seats; one of
 * another class keeps generic seats for what the free seats of that class do not cover.
 *
 * A reservation that this seat would take up is the asker's own and keeps nothing from it. Where
 * there are too few seats for all reservations, an earlier line comes before a later one, so that
 * two cannot block each other.
 */
export const withheldSeats = (
  rules: Rules,
  asker: Asker,
  target: ClassTarget,
  counts: SeatCounts,
): Withheld => {
  const open = counts.kept
    .map((reservation) => ({ reservation, unmet: unmetSeats(reservation, counts) }))
    .filter(({ unmet }) => unmet > 0);
  if (open.length === 0) return { seats: 0, generic: 0 };
  const eligible = eligibleSeats(target, counts);
  const others: Open[] = [];
  let entitled: Withheld = { seats: eligible, generic: 0 };
  for (const one of open) {
    if (isOwn(one.reservation, rules, asker, target)) {
      const { seats, generic } = keptSeats(others, target, counts);
      const own = { seats: eligible - Math.min(one.unmet, eligible - seats), generic };
      if (own.seats < entitled.seats) entitled = own;
    } else others.push(one);
  }
  const { seats, generic } = keptSeats(others, target, counts);
  const kept = { seats: Math.min(eligible, seats), generic };
  return entitled.seats < kept.seats ? entitled : kept;
};

interface Open {
  readonly reservation: Reservation;
  readonly unmet: number;
}

const unmetSeats = ({ seats, key }: Reservation, { taken }: SeatCounts): number =>
  Math.max(0, seats - taken(key));

const eligibleSeats = (target: ClassTarget, { free }: SeatCounts): number =>
  target.class === GENERIC_CLASS ? free(GENERIC_CLASS) : free(target.class) + free(GENERIC_CLASS);

const isOwn = (
  { target: { class: reserved }, key }: Reservation,
  rules: Rules,
  asker: Asker,
  target: ClassTarget,
): boolean => (reserved === null || reserved === target.class) && rules.isFor(key, asker);

/** What these reservations keep of the seats that the target could use. */
const keptSeats = (
  others: readonly Open[],
  target: ClassTarget,
  { free }: SeatCounts,
): Withheld => {
  let kept = 0;
  const ofOtherClasses = new Map<string, number>();
  for (const { reservation, unmet } of others) {
    const reserved = reservation.target.class;
    if (reserved === null || reserved === target.class) kept += unmet;
    else ofOtherClasses.set(reserved, (ofOtherClasses.get(reserved) ?? 0) + unmet);
  }
  let generic = 0;
  for (const [className, unmet] of ofOtherClasses) {
    const ownSeats = className === GENERIC_CLASS ? 0 : free(className);
    generic += Math.max(0, unmet - ownSeats);
  }
  // They are of no use to another class beyond the generic ones that there are.
  generic = Math.min(generic, free(GENERIC_CLASS));
  return { seats: kept + generic, generic };
};
