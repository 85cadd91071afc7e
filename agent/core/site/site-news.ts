/** What a member tells of itself: that it has joined its site, is cut off from it, or why it may not join. */

import type { Effect } from '../effects.ts';
import type { SiteObstacle } from './site-obstacle.ts';

export class SiteNews {
  /** Why it may not join now. */
  obstacle: SiteObstacle | undefined;
  #told: SiteObstacle | undefined;
  #wasIn = false;

  /** To be called at every step. `isIn`: it may grant. */
  tell(isIn: boolean, effects: Effect[]): void {
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
