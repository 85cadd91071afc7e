/** Does what an administrator asks of named users: who has a seat, assigning and recalling. */

import { err, ok, type Result, unreachable } from '../../../protocol/result.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { Asked, ChangeQueue } from '../change-queue.ts';
import type { TableCharter } from '../charter/table-charter.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import { type Operation, type Outcome, refuseOperation, type UserView } from '../operations.ts';
import type { Situation } from '../situation.ts';
import { type MakePlan, makeHere, type TablePlan } from '../table-plan.ts';
import { namedSeats } from './candidates.ts';
import type { Named } from './named.ts';
import { namedSeatOf } from './named-seat.ts';
import type { AssignFault, AssignPlan, RecallPlan, RosterList } from './roster.ts';
import { changeRoster, nameIn, type RosterChangeParts, type RosterTurn } from './roster-change.ts';
import type { SeatView } from './seat-view.ts';

export interface UserDeskParts extends RosterChangeParts {
  readonly judge: LicenseJudge;
  readonly changes: ChangeQueue;
  /** Where several agents are one site, whose users are the same on each. */
  readonly userCharter: TableCharter<RosterList> | undefined;
}

export type UserOperation = Extract<Operation, { kind: `user-${string}` }>;
type Assign = Extract<Operation, { kind: 'user-assign' }>;
type UserPlan = TablePlan<RosterList>;
type Recall = Extract<Operation, { kind: 'user-recall' }>;

export class UserDesk {
  readonly #parts: UserDeskParts;

  constructor(parts: UserDeskParts) {
    this.#parts = parts;
  }

  /** The outcome, or `undefined` when it is among the effects after a commit. */
  perform(asked: Asked, operation: UserOperation, situation: Situation): Outcome | undefined {
    switch (operation.kind) {
      case 'user-list':
        return { kind: 'user-list', users: this.#list(operation.product, situation.at.wall) };
      case 'user-assign':
        return this.#change(asked, (later) => this.#assign(operation, later), situation);
      case 'user-recall':
        return this.#change(asked, () => this.#recall(operation), situation);
      default:
        return unreachable(operation);
    }
  }

  #change(asked: Asked, plan: MakePlan<RosterList>, situation: Situation): Outcome | undefined {
    const { changes, userCharter } = this.#parts;
    if (userCharter !== undefined) return userCharter.perform(asked, plan, situation);
    return makeHere(changes, asked, plan, situation);
  }

  #list(product: string | null, wall: EpochSeconds): readonly UserView[] {
    const { roster } = this.#parts;
    const hosts = this.#hostsInUse();
    const seats = new Map<string, number>();
    return [...roster.list(product ?? undefined)].map(({ place, ...one }) => {
      const key = JSON.stringify([one.product, one.class]);
      const licensed = seats.get(key) ?? namedSeats(this.#parts, one.product, one.class, wall);
      seats.set(key, licensed);
      const inUse = hosts.get(nameIn(one, one.user)) ?? new Set();
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
      const key = nameIn(named, user);
      const known = hosts.get(key);
      if (known === undefined) hosts.set(key, new Set([host]));
      else known.add(host);
    }
    return hosts;
  }

  #assign({ product, class: className, users }: Assign, { at }: Situation): UserPlan | Outcome {
    const { roster } = this.#parts;
    const found = this.#findNamed(product, className);
    if (!found.ok) return found.error;
    const named = found.value;
    const seats = namedSeats(this.#parts, named.product, className, at.wall);
    const plan = roster.assign({ ...named, users, seats, since: at.wall });
    if (!plan.ok) return refuseAssign(plan.error, named, users.length);
    const { assigned, already } = plan.value;
    const answer = (): Outcome => {
      const count = roster.count(named.product, className);
      return { kind: 'user-assign', ...named, assigned, already, users: count, seats };
    };
    return this.#plan(plan.value, { recalled: [], isForced: false, answer });
  }

  #plan(change: AssignPlan | RecallPlan, turn: Omit<RosterTurn, 'change'>): UserPlan {
    return {
      kind: 'plan',
      after: change.list,
      isEmpty: change.writes.length === 0,
      change: () => changeRoster(this.#parts, { change, ...turn }),
    };
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

  #recall(operation: Recall): UserPlan | Outcome {
    const { roster } = this.#parts;
    const found = this.#findAssigned(operation.product, operation.class);
    if (!found.ok) return found.error;
    const named = found.value;
    const users = operation.users ?? this.#everybody(named);
    const plan = roster.recall(named.product, named.class, users);
    const { recalled, unknown } = plan;
    const answer = (ended: readonly SeatView[]): Outcome => ({
      kind: 'user-recall',
      ...named,
      recalled,
      unknown,
      ended,
      freed: ended.every(({ borrowed }) => operation.force && borrowed === null),
    });
    const gone = recalled.map((user) => ({ ...named, user }));
    return this.#plan(plan, { recalled: gone, isForced: operation.force, answer });
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
}

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
