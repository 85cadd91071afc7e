/**
 * Administrators of a site who have members forgotten, the dead and others, and members that are to tell
 * of a death, or of its end. Only the dead are forgotten; each death, and each end, is told by one.
 */

import { markOn } from '../../agent/core/site/member-card.ts';
import {
  DEAD_PREFIX,
  deadKey,
  joinedKey,
  memberIdOf,
  TOLD_PREFIX,
} from '../../agent/core/site/site-keys.ts';
import { decodeTold } from '../../agent/core/site/told-record.ts';
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
    const told = [...this.#register.keys(TOLD_PREFIX)].map((key) => key.slice(TOLD_PREFIX.length));
    const all = this.#members.map(({ publicKey }) => memberIdOf(publicKey));
    const [asked, member] = [
      random.pick(this.#members),
      random.pick(random.chance(0.9) ? dead : all),
    ];
    if (asked === undefined || member === undefined || asked.host.isAsleep) return;
    if (random.chance(0.7)) asked.operate({ kind: 'site-forget', member }, () => {});
    else asked.operate({ kind: 'site-tell', member, what: 'death' }, () => {});
    const over = random.pick(told);
    if (over === undefined) return;
    for (const one of random.chance(0.5) ? this.#members : [asked]) {
      if (!one.host.isAsleep)
        one.operate({ kind: 'site-tell', member: over, what: 'end' }, () => {});
    }
  }

  judge(changes: readonly RegisterChange[]): Broken | undefined {
    for (const { key, before, after } of changes) {
      if (key.startsWith(TOLD_PREFIX)) {
        const broken = this.#judgeTold(key.slice(TOLD_PREFIX.length), before, after);
        if (broken !== undefined) return { invariant: broken, detail: key };
      }
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

  /** Which promise a change of what was told of this member breaks. */
  #judgeTold(
    member: string,
    before: Uint8Array | undefined,
    after: Uint8Array | undefined,
  ): string | undefined {
    const [was, is] = [before && decodeTold(before), after && decodeTold(after)];
    if (is === undefined) return 'a death that was told is not lost from the register';
    const card = this.#register.get(deadKey(member));
    const mark = card && markOn(card, 0);
    const goesOn = mark?.since === is.since && !mark.isForgotten;
    if (was?.since !== is.since) {
      const isBegun = goesOn && mark.told === is.teller && is.ender === null;
      return isBegun ? undefined : 'what is told of a death is as on the card';
    }
    if (was.teller !== is.teller || (was.ender !== null && was.ender !== is.ender))
      return 'a death, and its end, are told by one each';
    if (is.ender === null || was.ender === is.ender) return undefined;
    if (goesOn) return 'the end of a death is told when it is over';
    const isAlive = this.#register.get(joinedKey(is.ender)) !== undefined;
    return isAlive ? undefined : 'the end of a death is told by who is a member';
  }
}
