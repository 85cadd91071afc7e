/** Does what an administrator asks of named users: who has a seat, assigning and recalling. */

import { foldCase } from '../../../protocol/fold-case.ts';
import { err, ok, type Result, unreachable } from '../../../protocol/result.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { Change, ChangeQueue } from '../change-queue.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import { type Operation, type Outcome, refuseOperation, type UserView } from '../operations.ts';
import type { Situation } from '../situation.ts';
import { namedSeats } from './candidates.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Lending } from './lending.ts';
import { type Named, namedSeatOf } from './named-seat.ts';
import type { AssignFault, Roster } from './roster.ts';
import type { SeatDesk } from './seat-desk.ts';

export interface UserDeskParts {
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
  readonly roster: Roster;
  readonly book: LeaseBook;
  readonly lending: Lending;
  readonly changes: ChangeQueue;
  readonly seatDesk: SeatDesk;
}

export type UserOperation = Extract<Operation, { kind: `user-${string}` }>;
type Assign = Extract<Operation, { kind: 'user-assign' }>;
type Recall = Extract<Operation, { kind: 'user-recall' }>;

export class UserDesk {
  readonly #parts: UserDeskParts;

  constructor(parts: UserDeskParts) {
    this.#parts = parts;
  }

  /** The outcome, or `undefined` when it is among the effects after a commit. */
  perform(number: number, operation: UserOperation, situation: Situation): Outcome | undefined {
    const { changes } = this.#parts;
    switch (operation.kind) {
      case 'user-list':
        return { kind: 'user-list', users: this.#list(operation.product, situation.at.wall) };
      case 'user-assign':
        return changes.make(number, (later) => this.#assign(operation, later), situation);
      case 'user-recall':
        return changes.make(number, () => this.#recall(operation), situation);
      default:
        return unreachable(operation);
    }
  }

  #list(product: string | null, wall: EpochSeconds): readonly UserView[] {
    const { roster } = this.#parts;
    const hosts = this.#hostsInUse();
    const seats = new Map<string, number>();
    return [...roster.list(product ?? undefined)].map(({ place, ...one }) => {
      const key = JSON.stringify([one.product, one.class]);
      const licensed = seats.get(key) ?? namedSeats(this.#parts, one.product, one.class, wall);
      seats.set(key, licensed);
      const inUse = hosts.get(userKey(one, one.user)) ?? new Set();
      return { ...one, effective: place <= licensed, hosts: [...inUse] };
    });
  }

  /** Where users have seats of named licenses in use. */
  #hostsInUse(): ReadonlyMap<string, ReadonlySet<string>> {
    const { book } = this.#parts;
    const hosts = new Map<string, Set<string>>();
    for (const slot of book.slots()) {
      const named = namedSeatOf(this.#parts, slot);
      if (named === undefined) continue;
      const { user, host } = book.read(slot).holder;
      const key = userKey(named, user);
      const known = hosts.get(key);
      if (known === undefined) hosts.set(key, new Set([host]));
      else known.add(host);
    }
    return hosts;
  }

  #assign({ product, class: className, users }: Assign, { at }: Situation): Change | Outcome {
    const { roster, lending } = this.#parts;
    const found = this.#findNamed(product, className);
    if (!found.ok) return found.error;
    const named = found.value;
    const seats = namedSeats(this.#parts, named.product, className, at.wall);
    const plan = roster.assign({ ...named, users, seats, since: at.wall });
    if (!plan.ok) return refuseAssign(plan.error, named, users.length);
    const { writes, onFailure, assigned, already } = plan.value;
    const apply = (): Outcome => {
      roster.apply(writes);
      lending.seatsChanged();
      const count = roster.count(named.product, className);
      return { kind: 'user-assign', ...named, assigned, already, users: count, seats };
    };
    return { kind: 'change', writes, onFailure, apply };
  }

  /** The product that is meant, and that it has seats of this class for named users. */
  #findNamed(product: string | null, className: string): Result<Named, Outcome> {
    const { shelf } = this.#parts;
    const licenses = [...shelf.all()].filter(({ license }) => license.type === 'named');
    const products = [...new Set(licenses.map(({ license }) => license.product))];
    const [only] = products;
    if (only === undefined) {
      const detail = 'No license here is for named users: add one with `usher license add FILE`.';
      return err(refuseOperation('no-license', detail));
    }
    if (product === null && products.length > 1) {
      const detail = `Several products have named users, ${products.sort().join(', ')}: choose with --product.`;
      return err(refuseOperation('no-match', detail));
    }
    const named = { product: product ?? only, class: className };
    const ofProduct = licenses.filter(({ license }) => license.product === named.product);
    if (ofProduct.length === 0) {
      const detail = `No license for named users of ${named.product} is here; there is one of ${products.sort().join(', ')}.`;
      return err(refuseOperation('no-license', detail));
    }
    const classes = new Set(ofProduct.flatMap(({ pools }) => pools.map((pool) => pool.class)));
    if (classes.has(className)) return ok(named);
    const detail = `${named.product} has named users of class ${[...classes].sort().join(', ')}, not of class ${className}: choose with --class.`;
    return err(refuseOperation('no-class', detail));
  }

  #recall(operation: Recall): Change | Outcome {
    const { roster, lending, seatDesk } = this.#parts;
    const found = this.#findAssigned(operation.product, operation.class);
    if (!found.ok) return found.error;
    const named = found.value;
    const users = operation.users ?? this.#everybody(named);
    const plan = roster.recall(named.product, named.class, users);
    const { writes, onFailure, recalled, unknown } = plan;
    // Along with the recall: a crash in between must not leave a seat that goes on for ever.
    const slots = this.#slotsOf(named, recalled);
    const endings = slots.map((slot) => lending.recordOf(slot, 'recalled'));
    roster.announce(plan);
    const apply = (later: Situation): Outcome => {
      roster.apply(writes);
      // A seat may have been given back while it was written.
      const ended = this.#slotsOf(named, recalled).map((slot) =>
        seatDesk.endLease(slot, 'recalled', operation.force, later),
      );
      return {
        kind: 'user-recall',
        ...named,
        recalled,
        unknown,
        ended,
        freed: ended.every(({ borrowed }) => operation.force && borrowed === null),
      };
    };
    return {
      kind: 'change',
      writes: [...writes, ...endings],
      onFailure: [...onFailure, ...slots.map((slot) => lending.recordOf(slot))],
      apply,
      drop: () => roster.withdraw(plan),
    };
  }

  /** The product that is meant: also one whose license has been removed since. */
  #findAssigned(product: string | null, className: string): Result<Named, Outcome> {
    const { roster } = this.#parts;
    if (product !== null && roster.count(product, className) > 0) {
      return ok({ product, class: className });
    }
    return this.#findNamed(product, className);
  }

  #everybody(named: Named): readonly string[] {
    return [...this.#parts.roster.list(named.product)]
      .filter((one) => one.class === named.class)
      .map(({ user }) => user);
  }

  /** The leases that users have of the seats that they were assigned. */
  #slotsOf(named: Named, users: readonly string[]): readonly number[] {
    const { book } = this.#parts;
    const keys = new Set(users.map((user) => userKey(named, user)));
    if (keys.size === 0) return [];
    return [...book.slots()].filter((slot) => {
      const seat = namedSeatOf(this.#parts, slot);
      return seat !== undefined && keys.has(userKey(seat, book.read(slot).holder.user));
    });
  }
}

const userKey = ({ product, class: className }: Named, user: string): string =>
  JSON.stringify([product, className, foldCase(user)]);

const refuseAssign = (fault: AssignFault, named: Named, wanted: number): Outcome => {
  const { product, class: className } = named;
  switch (fault.code) {
    case 'too-many-users': {
      const detail = `An agent keeps ${fault.most} assignments: nobody was assigned.`;
      return refuseOperation('too-many', detail);
    }
    case 'roster-full': {
      const { licensed, assigned } = fault;
      const detail =
        `${product} has ${licensed} ${licensed === 1 ? 'seat' : 'seats'} of class ${className} for named users, ` +
        `${assigned} ${assigned === 1 ? 'is' : 'are'} assigned and ${wanted} more ${wanted === 1 ? 'was' : 'were'} named: ` +
        'nobody was assigned. Recall somebody with `usher user recall USER`, or ask the vendor for more seats.';
      return refuseOperation('roster-full', detail);
    }
    default:
      return unreachable(fault);
  }
};
