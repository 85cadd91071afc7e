/**
 * Users by name of a site's license, and administrators who assign and recall them on any member. Who
 * was recalled goes on nowhere where that is known, whoever was assigned stays so, and in peace all
 * members have the same list.
 */

import { SHARED_PREFIX } from '../../agent/core/charter/charter-record.ts';
import { decodeUsers } from '../../agent/core/charter/user-text.ts';
import { Roster } from '../../agent/core/seats/roster.ts';
import { epochSeconds } from '../../protocol/units.ts';
import type { AgentHost } from './agent-host.ts';
import { WALL_START } from './clocks.ts';
import type { Random } from './random.ts';
import { PRODUCT } from './site-ground.ts';
import type { SiteGuest } from './site-guest.ts';
import type { Broken } from './site-promises.ts';
import type { RegisterChange } from './site-register.ts';
import type { World } from './world.ts';

/** Where the whole of such a short text is. */
export const USERS_KEY = `${SHARED_PREFIX}users/0`;

const LIST = { product: PRODUCT, class: 'generic' } as const;

interface Recall {
  readonly user: string;
  readonly member: AgentHost;
  readonly agent: AgentHost['agent'];
}

export class SiteUsers {
  readonly #world: World;
  readonly #random: Random;
  readonly #seats: number;
  /** Whom members had assigned before they joined. */
  readonly #brought = new Set<string>();
  /** Who was assigned, and whom nobody has meant to recall since. */
  readonly #assigned = new Set<string>();
  /** Recalls that nobody has been answered yet, and when the others ended. */
  readonly #recalls = new Set<Recall>();
  readonly #recalled = new Map<string, number>();
  #members: readonly AgentHost[] = [];

  constructor(world: World, random: Random, seats: number) {
    this.#world = world;
    this.#random = random;
    this.#seats = seats;
  }

  /** What their administrators have done before: each as he liked, or all the same. */
  found(members: readonly AgentHost[]): void {
    const random = this.#random;
    this.#members = members;
    const isSplit = random.chance(0.5);
    for (const member of members) {
      const first = isSplit ? random.whole(0, this.#seats) : 0;
      const users = Array.from({ length: this.#seats }, (_, i) => nameOf(first + i));
      const since = epochSeconds(WALL_START - 1000);
      const plan = new Roster().assign({ ...LIST, users, seats: this.#seats, since });
      if (!plan.ok) throw new Error('more users than seats');
      for (const { key, value } of plan.value.writes) {
        if (value !== null) member.disk.durable.set(key, value);
      }
      for (const user of users) this.#brought.add(user);
    }
  }

  /** One of those who may be assigned somewhere. */
  draw(random: Random): string {
    return nameOf(random.whole(0, 2 * this.#seats - 1));
  }

  /** Somebody is assigned, or recalled, on one of the members. */
  change(): void {
    const member = this.#random.pick(this.#members);
    if (member?.agent === undefined) return;
    const user = this.draw(this.#random);
    if (this.#random.chance(0.5)) this.#assign(member, user);
    else this.#recall(member, user);
  }

  #assign(member: AgentHost, user: string): void {
    const asked = this.#world.now;
    member.operate({ kind: 'user-assign', ...LIST, users: [user] }, (outcome) => {
      if (outcome.kind !== 'user-assign' || outcome.assigned.length === 0) return;
      const isDoubtful = [...this.#recalls].some(
        (one) => one.user === user && one.agent === one.member.agent,
      );
      if (!isDoubtful && (this.#recalled.get(user) ?? -1) < asked) this.#assigned.add(user);
    });
  }

  #recall(member: AgentHost, user: string): void {
    const recall = { user, member, agent: member.agent };
    this.#recalls.add(recall);
    this.#assigned.delete(user);
    this.#brought.delete(user);
    this.#recalled.set(user, this.#world.now);
    const force = this.#random.chance(0.2);
    member.operate({ kind: 'user-recall', ...LIST, users: [user], force }, () => {
      this.#recalls.delete(recall);
      this.#recalled.set(user, this.#world.now);
    });
  }

  /** Two guests of each user that has a seat; `kept`: what the register has. */
  comers(kept: Uint8Array | undefined): readonly string[] {
    return usersIn(kept)
      .slice(0, this.#seats)
      .flatMap((user) => [user, user]);
  }

  /** `guests`: who believe in a seat now. */
  judge(guests: readonly SiteGuest[]): Broken | undefined {
    const users = new Set(guests.map(({ user }) => user));
    if (users.size > this.#seats) {
      const detail = `${[...users].join()} of ${this.#seats}`;
      return { invariant: 'a site never has more users by name than seats', detail };
    }
    return this.#judgeLeases();
  }

  /** A member that knows of a recall renews nothing of it. */
  #judgeLeases(): Broken | undefined {
    for (const { name, agent } of this.#members) {
      if (agent === undefined) continue;
      const { users, leases } = agent.inspect();
      const known = new Set(users.map(({ user }) => user));
      const lease = leases.find(
        ({ holder, ending }) => ending === undefined && !known.has(holder.user),
      );
      if (lease === undefined) continue;
      const detail = `${name}: ${lease.holder.user}`;
      return {
        invariant: 'who is assigned no more is renewed nowhere where that is known',
        detail,
      };
    }
    return undefined;
  }

  /** Whoever was assigned, and told so, stays assigned. */
  judgeChanges(changes: readonly RegisterChange[]): Broken | undefined {
    const change = changes.find(({ key }) => key === USERS_KEY);
    if (change === undefined) return undefined;
    return demandAll(this.#assigned, usersIn(change.after));
  }

  /** Everybody has the same, which the register has. */
  judgePeace(kept: Uint8Array | undefined): Broken | undefined {
    const users = usersIn(kept);
    for (const { name, agent } of this.#members) {
      const here = agent?.inspect().users.map(({ user }) => user) ?? [];
      if (here.join() === users.join()) continue;
      const detail = `${name} has ${here.join()}, not ${users.join()}`;
      return { invariant: 'in peace all members have the same users', detail };
    }
    return demandAll([...this.#assigned, ...this.#brought], users);
  }
}

const demandAll = (expected: Iterable<string>, users: readonly string[]): Broken | undefined => {
  const missing = [...expected].filter((user) => !users.includes(user));
  if (missing.length === 0) return undefined;
  const detail = `${missing.join()} of ${users.join()}`;
  return { invariant: 'whoever is assigned stays so until somebody recalls him', detail };
};

const usersIn = (kept: Uint8Array | undefined): readonly string[] => {
  const [list] = (kept && decodeUsers(kept)) ?? [];
  return list?.users.map(({ user }) => user) ?? [];
};

const nameOf = (number: number): string => `user-${number}`;
