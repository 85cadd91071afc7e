/** Users by name of a site's license, and whom each of its members has assigned. */

import { Roster } from '../../agent/core/seats/roster.ts';
import { epochSeconds } from '../../protocol/units.ts';
import type { AgentHost } from './agent-host.ts';
import { WALL_START } from './clocks.ts';
import type { Random } from './random.ts';
import { PRODUCT } from './site-ground.ts';
import type { SiteGuest } from './site-guest.ts';
import type { Broken } from './site-promises.ts';

export class SiteUsers {
  readonly #seats: number;
  /** Every administrator has assigned whom he liked: together more than there are seats. */
  readonly isSplit: boolean;

  constructor(random: Random, seats: number) {
    this.#seats = seats;
    this.isSplit = random.chance(0.5);
  }

  assign(member: AgentHost, random: Random): void {
    const since = epochSeconds(WALL_START - 1000);
    const first = this.isSplit ? random.whole(0, this.#seats) : 0;
    const users = Array.from({ length: this.#seats }, (_, i) => nameOf(first + i));
    const request = { product: PRODUCT, class: 'generic', users, seats: this.#seats, since };
    const plan = new Roster().assign(request);
    if (!plan.ok) throw new Error('more users than seats');
    for (const { key, value } of plan.value.writes) {
      if (value !== null) member.disk.durable.set(key, value);
    }
  }

  /** One of those who may be assigned somewhere. */
  draw(random: Random): string {
    return nameOf(random.whole(0, 2 * this.#seats - 1));
  }

  /** Two guests of each user that is assigned. */
  nth(number: number): string {
    return nameOf(Math.floor(number / 2));
  }

  /** `guests`: who believe in a seat now. */
  judge(guests: readonly SiteGuest[]): Broken | undefined {
    const users = new Set(guests.map(({ user }) => user));
    if (users.size <= this.#seats) return undefined;
    const detail = `${[...users].join()} of ${this.#seats}`;
    return { invariant: 'a site never has more users by name than seats', detail };
  }
}

const nameOf = (number: number): string => `user-${number}`;
