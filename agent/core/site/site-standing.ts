/** What the log is told of a member: whether it is one, and why it is not yet. */

import type { Situation } from '../situation.ts';
import type { SiteObstacle } from './site-obstacle.ts';

export class SiteStanding {
  /** Why it may not join. */
  obstacle: SiteObstacle | undefined;
  #told: SiteObstacle | undefined;
  #wasIn = false;

  /** `isIn`: it may grant. */
  tell(isIn: boolean, effects: Situation['effects']): void {
    if (this.obstacle !== this.#told) {
      this.#told = this.obstacle;
      if (this.obstacle !== undefined)
        effects.push({ kind: 'note', note: { kind: 'site-obstacle', what: this.obstacle } });
    }
    if (isIn === this.#wasIn) return;
    this.#wasIn = isIn;
    const kind = isIn ? 'site-joined' : 'site-cut-off';
    effects.push({ kind: 'note', note: { kind } });
  }
}
