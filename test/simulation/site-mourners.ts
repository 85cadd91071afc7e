/**
 * Administrators of a site who have members forgotten, the dead and others, and members that are to tell
 * of a death. Only the dead are forgotten, and each death is told by one.
 */

import { markOn } from '../../agent/core/site/member-card.ts';
import { DEAD_PREFIX, joinedKey, memberIdOf } from '../../agent/core/site/site-keys.ts';
import type { AgentHost } from './agent-host.ts';
import type { Random } from './random.ts';
import type { Broken } from './site-promises.ts';
import type { RegisterChange, SiteRegister } from './site-register.ts';
import type { World } from './world.ts';

export class SiteMourners {
  readonly #world: World;
  readonly #random: Random;
  readonly #register: SiteRegister;
  readonly #members: readonly AgentHost[];

  constructor(world: World, random: Random, register: SiteRegister, members: readonly AgentHost[]) {
    this.#world = world;
    this.#register = register;
    this.#random = random;
    this.#members = members;
  }

  /** They come at any moment of so many milliseconds. */
  live(length: number): void {
    const random = this.#random;
    for (let i = random.whole(0, 120); i > 0; i--) {
      this.#world.in(random.between(0, length), () => this.#mourn());
    }
  }

  /** Mostly of somebody who is shown as dead. */
  #mourn(): void {
    const random = this.#random;
    const dead = [...this.#register.keys(DEAD_PREFIX)].map((key) => key.slice(DEAD_PREFIX.length));
    const all = this.#members.map(({ publicKey }) => memberIdOf(publicKey));
    const [asked, member] = [
      random.pick(this.#members),
      random.pick(random.chance(0.9) ? dead : all),
    ];
    if (asked === undefined || member === undefined || asked.host.isAsleep) return;
    asked.operate({ kind: random.chance(0.3) ? 'site-tell' : 'site-forget', member }, () => {});
  }

  judge(changes: readonly RegisterChange[]): Broken | undefined {
    for (const { key, before, after } of changes) {
      if (!key.startsWith(DEAD_PREFIX) || after === undefined) continue;
      const [was, is] = [before && markOn(before, 0), markOn(after, 0)];
      const isNew = is.isForgotten !== was?.isForgotten || is.told !== was.told;
      const isWritten = is.isForgotten || is.told !== null;
      const isAlive = this.#register.get(joinedKey(key.slice(DEAD_PREFIX.length))) !== undefined;
      if (isWritten && isNew && (was === undefined || isAlive)) {
        return { invariant: 'nobody is forgotten, or told of, who is not dead', detail: key };
      }
      if (was?.told !== undefined && was.told !== null && is.told !== was.told) {
        return { invariant: 'a death is told by one', detail: `${key}: ${was.told}, ${is.told}` };
      }
      if (was?.isForgotten === true && !is.isForgotten) {
        return { invariant: 'who is forgotten stays so while he is dead', detail: key };
      }
    }
    return undefined;
  }
}
