/** What people are told of how this agent stands with its site, each news once. */

import type { Effect } from '../effects.ts';
import { obstacleToSentence, type SiteObstacle } from './site-obstacle.ts';

export class SiteStanding {
  /** Why it may not join. */
  obstacle: SiteObstacle | undefined;
  #toldObstacle: SiteObstacle | undefined;
  #wasIn = false;

  /** Since this was asked last. `isIn`: whether it is a member, and heard. */
  news(isIn: boolean): readonly Effect[] {
    if (this.obstacle === this.#toldObstacle && isIn === this.#wasIn) return NONE;
    const effects: Effect[] = [];
    const { obstacle: what } = this;
    if (what !== this.#toldObstacle && what !== undefined) {
      const sentence = obstacleToSentence(what);
      effects.push({ kind: 'note', note: { kind: 'site-obstacle', what, sentence } });
    }
    this.#toldObstacle = this.obstacle;
    if (isIn !== this.#wasIn)
      effects.push({ kind: 'note', note: { kind: isIn ? 'site-joined' : 'site-cut-off' } });
    this.#wasIn = isIn;
    return effects;
  }
}

const NONE: readonly Effect[] = [];
