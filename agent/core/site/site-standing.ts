/** What people are told of how this agent stands with its site, each news once. */

import type { Effect } from '../effects.ts';
import type { SiteObstacle } from './site-obstacle.ts';

export class SiteStanding {
  /** Why it may not join. */
  obstacle: SiteObstacle | undefined;
  #toldObstacle: SiteObstacle | undefined;
  #wasIn = false;

  /** Since this was asked last. `isIn`: whether it is a member, and heard. */
  news(isIn: boolean): readonly Effect[] {
    if (this.obstacle === this.#toldObstacle && isIn === this.#wasIn) return NONE;
    const effects: Effect[] = [];
    if (this.obstacle !== this.#toldObstacle && this.obstacle !== undefined)
      effects.push({ kind: 'note', note: { kind: 'site-obstacle', what: this.obstacle } });
    this.#toldObstacle = this.obstacle;
    if (isIn !== this.#wasIn)
      effects.push({ kind: 'note', note: { kind: isIn ? 'site-joined' : 'site-cut-off' } });
    this.#wasIn = isIn;
    return effects;
  }
}

const NONE: readonly Effect[] = [];
