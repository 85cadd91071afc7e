/**
 * The register of a site is brought back from an older copy, by an administrator who hurries or who waits.
 *
 * Who was not there since before the copy was made knows nothing of what is lost, and cannot notice.
 * So it is only hurried where every member has kept a mark of later than the copy: each will notice,
 * crashed meanwhile or not. Else the register stays down until nobody can believe in a seat any more
 * that was lent while it was there. Of a seat that was borrowed since the copy was made the register
 * knows nothing before its member is back: then it is not done.
 */

import { decodeMark } from '../../agent/core/site/edition-record.ts';
import { BORROWED_PREFIX } from '../../agent/core/site/site-keys.ts';
import { SITE_MARK_KEY } from '../../agent/core/store-key.ts';
import { equalBytes } from '../../protocol/bytes.ts';
import type { AgentHost } from './agent-host.ts';
import type { Random } from './random.ts';
import type { SiteGround } from './site-people.ts';
import type { RegisterCopy } from './site-register.ts';

/** Grace, and what clocks and marks are late by, in milliseconds. */
const GRACE_MS = 14_000;

export class SiteCopies {
  readonly #ground: SiteGround;
  readonly #random: Random;
  readonly #members: readonly AgentHost[];
  readonly #term: number;

  constructor(
    ground: SiteGround,
    random: Random,
    { members, term }: { readonly members: readonly AgentHost[]; readonly term: number },
  ) {
    this.#ground = ground;
    this.#random = random;
    this.#members = members;
    this.#term = term;
  }

  /** Now and then within so many milliseconds. */
  live(length: number): void {
    const { world, register } = this.#ground;
    const random = this.#random;
    for (let i = random.whole(1, 2); i > 0; i--) {
      const madeAt = random.between(1000, length / 3);
      const age = random.pick([
        random.skewed(500, 90_000),
        random.between(60_000, 90_000),
      ] as const);
      world.in(madeAt, () => {
        const copy = register.copy();
        world.in(age, () => this.#bringBack(copy));
      });
    }
  }

  #bringBack(copy: RegisterCopy): void {
    const { register } = this.#ground;
    const random = this.#random;
    if (!this.#hasLoans(copy)) return;
    const careful = GRACE_MS + 1010 * this.#term;
    const down = this.#allMarked(copy) ? random.skewed(0, 20_000) : careful;
    register.bringBack(copy, random.chance(0.4), down);
  }

  #allMarked({ revision }: RegisterCopy): boolean {
    return this.#members.every(({ disk }) => {
      const kept = disk.durable.get(SITE_MARK_KEY);
      return ((kept && decodeMark(kept))?.revision ?? 0) > revision;
    });
  }

  /** Whether all loans there are had been made, and are as they were. */
  #hasLoans({ kept }: RegisterCopy): boolean {
    const { register } = this.#ground;
    return [...register.keys(BORROWED_PREFIX)].every((key) => {
      const [now, then] = [register.get(key), kept.get(key)?.value];
      return now !== undefined && then !== undefined && equalBytes(now, then);
    });
  }
}
