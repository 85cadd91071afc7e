/** Changes that wait a moment until this agent is a member of its site, or is one anew. */

import type { Instant } from '../../../protocol/units.ts';
import type { Outcome } from '../operations.ts';
import type { Revision } from '../site/register.ts';
import type { Situation } from '../situation.ts';
import type { CharterOffer } from './charter-operations.ts';

/** At a time: administrators ask for them. */
const WAITING_MAX = 64;

export interface WaitingOffer {
  readonly offer: CharterOffer;
  readonly onOutcome: (outcome: Outcome, later: Situation) => void;
  /** What has to be another one by then; `undefined`: there was none. */
  readonly fence: Revision | undefined;
  /** From this instant on it is refused. */
  readonly until: Instant;
}

export class WaitingOffers {
  #waiting: readonly WaitingOffer[] = [];

  /** `false`: it is to be refused at once. */
  add(one: WaitingOffer, now: Instant): boolean {
    if (this.#waiting.length >= WAITING_MAX || now >= one.until) return false;
    this.#waiting = [...this.#waiting, one];
    return true;
  }

  /** Those that wait no longer; `fence`: of a member that is heard. */
  take(fence: Revision | undefined, now: Instant): readonly WaitingOffer[] {
    if (this.#waiting.length === 0) return this.#waiting;
    const isOver = (one: WaitingOffer): boolean =>
      now >= one.until || (fence !== undefined && fence !== one.fence);
    const over = this.#waiting.filter(isOver);
    this.#waiting = this.#waiting.filter((one) => !isOver(one));
    return over;
  }
}
