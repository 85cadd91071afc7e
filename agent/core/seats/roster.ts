/**
 * Named users: who is assigned a seat of a product and class, in the order of assignment. A change is
 * planned first and becomes true when its writes are on the disk; one at a time.
 */

import { foldCase } from '../../../protocol/fold-case.ts';
import { assert, err, ok, type Result } from '../../../protocol/result.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import { readStoreKey } from '../store-key.ts';
import type { Write } from '../write.ts';
import type { Named } from './named.ts';
import { type Assignment, readUser, USER_PREFIX, userKey, userWrite } from './user-record.ts';

/** Assignments on one agent, of all products and classes. */
export const USERS_MAX = 100_000;

export interface AssignedUser {
  readonly product: string;
  readonly class: string;
  readonly user: string;
  readonly since: EpochSeconds;
  /** From 1, in the order of assignment: whoever's is above the number of seats waits. */
  readonly place: number;
}

/** The users of one product and class, in the order of assignment. */
export interface RosterList extends Named {
  readonly users: readonly Assignment[];
}

/** A change that is not true yet: commit `writes`, then `apply` them. */
export interface RosterChange {
  readonly writes: readonly Write[];
  /** What the store should have when the commit fails. */
  readonly onFailure: readonly Write[];
}

interface ListChange extends RosterChange {
  /** The list as it will be. */
  readonly list: RosterList;
}

export interface AssignPlan extends ListChange {
  readonly assigned: readonly string[];
  /** Those who were assigned before, or were named twice. */
  readonly already: readonly string[];
}

export interface RecallPlan extends ListChange {
  /** As they were assigned. */
  readonly recalled: readonly string[];
  /** Those who were not assigned, or were named twice. */
  readonly unknown: readonly string[];
}

export type AssignFault =
  /** More users than seats: nobody was assigned. */
  | { readonly code: 'roster-full'; readonly licensed: number; readonly assigned: number }
  /** More users than one agent keeps. */
  | { readonly code: 'too-many-users'; readonly most: number };

export interface AssignRequest {
  readonly product: string;
  readonly class: string;
  readonly users: readonly string[];
  /** How many users the licenses allow. */
  readonly seats: number;
  readonly since: EpochSeconds;
}

export class Roster {
  readonly #lists = new Map<string, UserList>();
  /** Keys of those whose recall is being written. */
  readonly #leaving = new Set<string>();
  #size = 0;

  /** Plans to assign all of these users, or none. Names are plain text of 1 to 128 characters. */
  assign(request: AssignRequest): Result<AssignPlan, AssignFault> {
    const list = this.#list(request.product, request.class);
    const assigned = new Map<string, string>();
    const already: string[] = [];
    for (const user of request.users) {
      const folded = foldCase(user);
      if (list?.get(folded) !== undefined || assigned.has(folded)) already.push(user);
      else assigned.set(folded, user);
    }
    const count = list?.size ?? 0;
    if (assigned.size > 0 && count + assigned.size > request.seats)
      return err({ code: 'roster-full', licensed: request.seats, assigned: count });
    if (this.#size + assigned.size > USERS_MAX)
      return err({ code: 'too-many-users', most: USERS_MAX });
    const { product, class: className, since } = request;
    const named = { product, class: className };
    let sequence = list?.nextSequence ?? 0;
    const added = [...assigned.values()].map((user) => ({ user, since, sequence: sequence++ }));
    const writes = added.map((one) => userWrite(named, one));
    const onFailure = writes.map(({ key }) => ({ key, value: null }));
    const after = { ...named, users: [...(list?.inOrder() ?? []), ...added] };
    return ok({ writes, onFailure, list: after, assigned: [...assigned.values()], already });
  }

  /** Plans to recall those of these users who are assigned. */
  recall(product: string, className: string, users: readonly string[]): RecallPlan {
    const list = this.#list(product, className);
    const recalled = new Map<string, Assignment>();
    const unknown: string[] = [];
    for (const user of users) {
      const folded = foldCase(user);
      const found = list?.get(folded);
      if (found === undefined || recalled.has(folded)) unknown.push(user);
      else recalled.set(folded, found);
    }
    const named = { product, class: className };
    const found = [...recalled.values()];
    const onFailure = found.map((one) => userWrite(named, one));
    const writes = onFailure.map(({ key }) => ({ key, value: null }));
    const gone = new Set(found);
    const left = (list?.inOrder() ?? []).filter((one) => !gone.has(one));
    const after = { ...named, users: left };
    return { writes, onFailure, list: after, recalled: found.map(({ user }) => user), unknown };
  }

  /**
   * Those whom a planned change removes get no seat from now on, though they are assigned until it is
   * on the disk: no grant may be written after the recall and go on as if there were none.
   */
  announce({ writes }: RosterChange): void {
    for (const { key, value } of writes) if (value === null) this.#leaving.add(key);
  }

  /** A recall that was announced will not come. */
  withdraw({ writes }: RosterChange): void {
    for (const { key } of writes) this.#leaving.delete(key);
  }

  /** Whether the recall of a user is being written. */
  isLeaving(product: string, className: string, user: string): boolean {
    return (
      this.#leaving.size > 0 && this.#leaving.has(userKey({ product, class: className }, user))
    );
  }

  /** Makes a planned change true: its writes are on the disk. */
  apply(writes: readonly Write[]): void {
    for (const { key, value } of writes) {
      this.#leaving.delete(key);
      const applied = value === null ? this.#remove(key) : this.restore(key, value);
      assert(applied, 'a roster was to apply what is no change of it');
    }
  }

  /** Takes up a stored assignment, or answers `false` where it is none. */
  restore(key: string, value: Uint8Array): boolean {
    const read = readUser(key, value);
    if (read === undefined) return false;
    const { product, class: className, user, since, sequence } = read;
    const list = this.#list(product, className) ?? new UserList(product, className);
    this.#lists.set(listKey(product, className), list);
    this.#size -= list.size;
    list.set(foldCase(user), { user, since, sequence });
    this.#size += list.size;
    return true;
  }

  /** Whether a user is among the first `seats` who were assigned, and is not being recalled. */
  isAssigned(product: string, className: string, user: string, seats: number): boolean {
    const list = this.#list(product, className);
    const found = list?.get(foldCase(user));
    if (list === undefined || found === undefined || seats < 1) return false;
    if (this.isLeaving(product, className, user)) return false;
    const last = list.inOrder()[seats - 1];
    return last === undefined || found.sequence <= last.sequence;
  }

  /** Everybody, or everybody of one product, each list in the order of assignment. */
  *list(product?: string): Iterable<AssignedUser> {
    for (const list of this.#lists.values()) {
      if (product !== undefined && list.product !== product) continue;
      const names = { product: list.product, class: list.class };
      let place = 0;
      for (const { user, since } of list.inOrder()) yield { ...names, user, since, place: ++place };
    }
  }

  /** Every list that has somebody. */
  *lists(): Iterable<RosterList> {
    for (const list of this.#lists.values()) {
      yield { product: list.product, class: list.class, users: list.inOrder() };
    }
  }

  /** Who is assigned under a name, in whatever capitals. */
  find({ product, class: className }: Named, user: string): Assignment | undefined {
    return this.#list(product, className)?.get(foldCase(user));
  }

  count(product: string, className: string): number {
    return this.#list(product, className)?.size ?? 0;
  }

  #list(product: string, className: string): UserList | undefined {
    return this.#lists.get(listKey(product, className));
  }

  #remove(key: string): boolean {
    const [product = '', className = '', folded = ''] = readStoreKey(USER_PREFIX, key) ?? [];
    const list = this.#list(product, className);
    if (list === undefined || !list.delete(folded)) return false;
    this.#size--;
    if (list.size === 0) this.#lists.delete(listKey(product, className));
    return true;
  }
}

/** The users of one product and class. */
class UserList {
  readonly product: string;
  readonly class: string;
  readonly #users = new Map<string, Assignment>();
  /** Sorted when somebody asks, because a restart brings them in the order of their names. */
  #order: readonly Assignment[] | undefined;

  constructor(product: string, className: string) {
    this.product = product;
    this.class = className;
  }

  get size(): number {
    return this.#users.size;
  }

  get nextSequence(): number {
    return (this.inOrder().at(-1)?.sequence ?? -1) + 1;
  }

  get(folded: string): Assignment | undefined {
    return this.#users.get(folded);
  }

  set(folded: string, assignment: Assignment): void {
    this.#users.set(folded, assignment);
    this.#order = undefined;
  }

  delete(folded: string): boolean {
    this.#order = undefined;
    return this.#users.delete(folded);
  }

  inOrder(): readonly Assignment[] {
    this.#order ??= [...this.#users.values()].sort((left, right) => left.sequence - right.sequence);
    return this.#order;
  }
}

/** Names are plain text, so a control character parts them. */
const listKey = (product: string, className: string): string => `${product}\n${className}`;
