/** Makes a change of the roster true: the seats in use of those who are recalled end along with it. */

import { foldCase } from '../../../protocol/fold-case.ts';
import type { Change } from '../change-queue.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { Outcome } from '../operations.ts';
import type { Situation } from '../situation.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Lending } from './lending.ts';
import type { Named } from './named.ts';
import { namedSeatOf } from './named-seat.ts';
import type { Roster, RosterChange } from './roster.ts';
import type { SeatDesk } from './seat-desk.ts';
import type { SeatView } from './seat-view.ts';

export interface RosterChangeParts {
  readonly roster: Roster;
  readonly book: LeaseBook;
  readonly shelf: LicenseShelf;
  readonly lending: Lending;
  readonly seatDesk: SeatDesk;
}

export interface NamedUser extends Named {
  readonly user: string;
}

/** What is done beside the roster's own writes. */
export interface RosterTurn {
  readonly change: RosterChange;
  readonly recalled: readonly NamedUser[];
  /** Their seats are lent again at once. */
  readonly isForced: boolean;
  /** `ended`: seats that were in use. */
  readonly answer: (ended: readonly SeatView[], situation: Situation) => Outcome;
}

export const changeRoster = (
  parts: RosterChangeParts,
  { change, recalled, isForced, answer }: RosterTurn,
): Change => {
  const { roster, lending, seatDesk } = parts;
  // Along with the recall: a crash in between must not leave a seat that goes on for ever.
  const slots = slotsOf(parts, recalled);
  const endings = slots.map((slot) => lending.recordOf(slot, 'recalled'));
  roster.announce(change);
  const apply = (later: Situation): Outcome => {
    roster.apply(change.writes);
    // Who waits may have a seat of his own by now.
    lending.seatsChanged();
    // A seat may have been given back while it was written.
    const ended = slotsOf(parts, recalled).map((slot) =>
      seatDesk.endLease(slot, 'recalled', isForced, later),
    );
    return answer(ended, later);
  };
  return {
    kind: 'change',
    writes: [...change.writes, ...endings],
    onFailure: [...change.onFailure, ...slots.map((slot) => lending.recordOf(slot))],
    apply,
    drop: () => roster.withdraw(change),
  };
};

/** The leases that users have of the seats that they were assigned. */
const slotsOf = (parts: RosterChangeParts, users: readonly NamedUser[]): readonly number[] => {
  const { book } = parts;
  const names = new Set(users.map((one) => nameIn(one, one.user)));
  if (names.size === 0) return [];
  return [...book.slots()].filter((slot) => {
    const seat = namedSeatOf(parts, slot);
    return seat !== undefined && names.has(nameIn(seat, book.read(slot).holder.user));
  });
};

/** By which a user of a class of a product is known again. */
export const nameIn = ({ product, class: className }: Named, user: string): string =>
  JSON.stringify([product, className, foldCase(user)]);
