/**
 * Users by name of a site's license, and administrators who assign and recall them on any member. Who
 * was recalled goes on nowhere where that is known, who was assigned or recalled stays so, and in peace
 * all members have the same list.
 */

import { SHARED_PREFIX } from '../../agent/core/charter/charter-record.ts';
import { decodeUsers } from '../../agent/core/charter/user-text.ts';
import type { Outcome } from '../../agent/core/operations.ts';
import { Roster } from '../../agent/core/seats/roster.ts';
import { COMMON_USERS_KEY } from '../../agent/core/store-key.ts';
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

type Kind = 'user-assign' | 'user-recall';

/** What an administrator has asked for, and is not answered yet. */
interface Asking {
  readonly kind: Kind;
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
  /** What was done last with each user, where nobody has meant otherwise since. */
  readonly #done = new Map<string, Kind>();
  readonly #asking = new Set<Asking>();
  /** When each user was to be assigned, or recalled, last. */
  readonly #meant = new Map<string, number>();
  /** Each knows, over a restart, what the site has: nobody brings along whom another one recalls. */
  #isTogether = false;
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
    if (this.#random.chance(0.5)) return this.#ask('user-assign', member, user);
    this.#brought.delete(user);
    this.#ask('user-recall', member, user);
  }

  #ask(kind: Kind, member: AgentHost, user: string): void {
    const since = this.#world.now;
    const asking = { kind, user, member, agent: member.agent };
    const isSure = kind === 'user-assign' || this.#isTogether;
    const other = kind === 'user-assign' ? 'user-recall' : 'user-assign';
    if (this.#done.get(user) === other) this.#done.delete(user);
    this.#asking.add(asking);
    this.#meant.set(`${kind} ${user}`, since);
    // Nobody gives his word that an application does not run: they do.
    member.operate({ kind, ...LIST, users: [user], force: false }, (outcome) => {
      this.#asking.delete(asking);
      this.#meant.set(`${kind} ${user}`, this.#world.now);
      const isMeant = (this.#meant.get(`${other} ${user}`) ?? -1) >= since;
      if (!isSure || isMeant || this.#isAsked(other, user) || !hasDone(outcome)) return;
      this.#done.set(user, kind);
    });
  }

  /** Whether somebody who was not answered yet may still have this done. */
  #isAsked(kind: Kind, user: string): boolean {
    return [...this.#asking].some(
      (one) => one.kind === kind && one.user === user && one.agent === one.member.agent,
    );
  }

  /** Two guests of each user that has a seat; `kept`: what the register has. */
  comers(kept: Uint8Array | undefined): readonly string[] {
    return usersIn(kept)
      .slice(0, this.#seats)
      .flatMap((user) => [user, user]);
  }

  /** `guests`: who believe in a seat now; `kept`: what the register has. */
  judge(guests: readonly SiteGuest[], kept: Uint8Array | undefined): Broken | undefined {
    const text = usersIn(kept).join();
    this.#isTogether ||=
      text !== '' &&
      this.#members.every(
        ({ disk }) => usersIn(disk.durable.get(COMMON_USERS_KEY)).join() === text,
      );
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

  /** Whoever was assigned, or recalled, stays so. */
  judgeChanges(changes: readonly RegisterChange[]): Broken | undefined {
    const change = changes.find(({ key }) => key === USERS_KEY);
    if (change === undefined) return undefined;
    const users = usersIn(change.after);
    return this.#judgeDone(users);
  }

  #judgeDone(users: readonly string[]): Broken | undefined {
    for (const [user, kind] of this.#done) {
      if (users.includes(user) === (kind === 'user-assign')) continue;
      const detail = `${user} after ${kind}: ${users.join()}`;
      return { invariant: 'who is assigned or recalled stays so', detail };
    }
    return undefined;
  }

  #differing(users: readonly string[]): string | undefined {
    for (const { name, agent } of this.#members) {
      const here = agent?.inspect().users.map(({ user }) => user);
      if (here?.join() !== users.join()) return `${name} has ${here?.join()}, not ${users.join()}`;
    }
    return undefined;
  }

  /** Everybody has the same, which the register has. */
  judgePeace(kept: Uint8Array | undefined): Broken | undefined {
    const users = usersIn(kept);
    const detail = this.#differing(users);
    if (detail !== undefined) {
      return { invariant: 'in peace all members have the same users', detail };
    }
    const lost = [...this.#brought].filter((user) => !users.includes(user));
    if (lost.length === 0) return this.#judgeDone(users);
    return { invariant: 'what members bring along is kept', detail: lost.join() };
  }
}

const hasDone = (outcome: Outcome): boolean =>
  (outcome.kind === 'user-assign' && outcome.assigned.length > 0) ||
  (outcome.kind === 'user-recall' && outcome.recalled.length > 0);

const usersIn = (kept: Uint8Array | undefined): readonly string[] => {
  const [list] = (kept && decodeUsers(kept)) ?? [];
  return list?.users.map(({ user }) => user) ?? [];
};

const nameOf = (number: number): string => `user-${number}`;
