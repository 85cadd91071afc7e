/** Watches named users: a list of its own, kept by what administrators were answered. */

import type { Event } from '../../agent/core/events.ts';
import type { Inspection } from '../../agent/core/inspection.ts';
import type { Outcome } from '../../agent/core/operations.ts';
import { USER_PREFIX } from '../../agent/core/seats/user-record.ts';
import { Fields } from '../../protocol/fields.ts';
import { foldCase } from '../../protocol/fold-case.ts';
import { unpack } from '../../protocol/msgpack.ts';
import type { AgentHost } from './agent-host.ts';
import type { LicenseTruth } from './license-truth.ts';
import { Violation } from './world.ts';

/** Folded names in the order of assignment, by product and class. */
type Lists = Map<string, string[]>;

const listKey = (product: string, className: string): string => `${product}/${className}`;

export class RosterWatch {
  readonly #truth: LicenseTruth;
  #lists: Lists = new Map();
  /** Assignments that administrators wait for, with the most seats there were meanwhile. */
  readonly #asked = new Map<number, { readonly list: readonly [string, string]; seats: number }>();

  constructor(truth: LicenseTruth) {
    this.#truth = truth;
  }

  /** The agent starts on what its disk has. */
  booted({ disk }: AgentHost): void {
    this.#asked.clear();
    this.#lists = readLists(disk.durable);
  }

  /** Before an agent's answers are looked at. */
  stepping(event: Event): void {
    if (event.kind === 'operator' && event.operation.kind === 'user-assign') {
      const { product, class: className } = event.operation;
      if (product !== null) this.#asked.set(event.number, { list: [product, className], seats: 0 });
    }
    for (const asked of this.#asked.values()) {
      asked.seats = Math.max(asked.seats, this.#truth.namedSeats(...asked.list));
    }
  }

  /** An administrator was answered. */
  answered(host: AgentHost, number: number, outcome: Outcome): void {
    const asked = this.#asked.get(number);
    this.#asked.delete(number);
    if (outcome.kind !== 'user-recall' && outcome.kind !== 'user-assign') return;
    const key = listKey(outcome.product, outcome.class);
    const list = this.#lists.get(key) ?? [];
    if (outcome.kind === 'user-recall') {
      const gone = new Set(outcome.recalled.map(foldCase));
      this.#lists.set(
        key,
        list.filter((user) => !gone.has(user)),
      );
      return;
    }
    this.#lists.set(key, [...list, ...outcome.assigned.map(foldCase)]);
    const users = list.length + outcome.assigned.length;
    if (outcome.assigned.length === 0 || users <= (asked?.seats ?? 0)) return;
    const detail = `${host.name}: ${users} users of ${asked?.seats} seats of ${key}`;
    throw new Violation('never more users than named seats', detail);
  }

  /** A lease of a named license is given out, or a turn to take one. */
  demandAssigned(host: AgentHost, product: string, className: string, user: string): void {
    const list = this.#lists.get(listKey(product, className)) ?? [];
    const place = list.indexOf(foldCase(user));
    if (place >= 0 && place < this.#truth.namedSeats(product, className)) return;
    const detail = `${host.name}: ${user} of ${listKey(product, className)}`;
    throw new Violation('only who is assigned gets a named seat', detail);
  }

  /** After every step: the agent has the same lists, and who was recalled goes on with no seat. */
  check(host: AgentHost, { users, leases, claims }: Inspection): void {
    const seen: Lists = new Map();
    for (const { product, class: className, user } of users) {
      const key = listKey(product, className);
      seen.set(key, [...(seen.get(key) ?? []), foldCase(user)]);
    }
    for (const key of new Set([...this.#lists.keys(), ...seen.keys()])) {
      const [ours, theirs] = [this.#lists.get(key) ?? [], seen.get(key) ?? []];
      if (ours.length === theirs.length && ours.every((user, i) => user === theirs[i])) continue;
      const detail = `${host.name}, ${key}: ${theirs.join(', ')} instead of ${ours.join(', ')}`;
      throw new Violation('the roster is what administrators were told', detail);
    }
    for (const { claim, holder, ending } of leases) {
      const counted = claims.get(claim);
      const pool = counted?.parts[0]?.pool;
      if (counted === undefined || pool === undefined || ending !== undefined) continue;
      if (!this.#truth.isOfType(pool.licenseId, 'named')) continue;
      const key = listKey(pool.product, counted.asked);
      if (this.#lists.get(key)?.includes(foldCase(holder.user))) continue;
      const detail = `${host.name}: ${holder.user} of ${key}`;
      throw new Violation('who is not assigned loses a named seat', detail);
    }
  }
}

const readLists = (durable: ReadonlyMap<string, Uint8Array>): Lists => {
  const rows = [...durable].flatMap(([key, value]) => {
    if (!key.startsWith(USER_PREFIX)) return [];
    const fields = new Fields(unpack(value));
    fields.uint();
    const list = listKey(fields.text(100), fields.text(100));
    const user = foldCase(fields.text(200));
    fields.uint();
    // Counts in a seed are small: the upper half of the sequence is zero.
    const place = fields.exactly((field) => [field.uint(), field.uint()][1] ?? 0);
    return [{ list, user, place }];
  });
  const lists: Lists = new Map();
  for (const { list, user } of rows.sort((one, other) => one.place - other.place)) {
    lists.set(list, [...(lists.get(list) ?? []), user]);
  }
  return lists;
};
