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
  readonly #members: readonly AgentHost[];

  constructor(world: World, random: Random, members: readonly AgentHost[]) {
    this.#world = world;
    this.#random = random;
    this.#members = members;
  }

  /** They come at any moment of so many milliseconds. */
  live(length: number): void {
    const random = this.#random;
    for (let i = random.whole(0, 60); i > 0; i--) {
      this.#world.in(random.between(0, length), () => this.#mourn());
    }
  }

  #mourn(): void {
    const random = this.#random;
    const [asked, dead] = [random.pick(this.#members), random.pick(this.#members)];
    if (asked === undefined || dead === undefined || asked.host.isAsleep) return;
    const kind = random.chance(0.3) ? 'site-tell' : 'site-forget';
    asked.operate({ kind, member: memberIdOf(dead.publicKey) }, () => {});
  }

  judge(changes: readonly RegisterChange[], register: SiteRegister): Broken | undefined {
    for (const { key, before, after } of changes) {
      if (!key.startsWith(DEAD_PREFIX) || after === undefined) continue;
      const [was, is] = [before && markOn(before, 0), markOn(after, 0)];
      const isNew = is.isForgotten !== was?.isForgotten || is.told !== was.told;
      const isWritten = is.isForgotten || is.told !== null;
      const isAlive = register.get(joinedKey(key.slice(DEAD_PREFIX.length))) !== undefined;
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
