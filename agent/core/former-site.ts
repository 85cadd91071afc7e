/**
 * What an agent by itself keeps of a site that it was a member of: nothing. It lends now what no site
 * counts, and what it removes stays with the site; so it forgets, before it lends, that it was one.
 */

import { COMMON_KEY } from './store-key.ts';
import type { Write } from './write.ts';

export class FormerSite {
  #isKept = false;

  /** The store has it yet. */
  restore(): true {
    this.#isKept = true;
    return true;
  }

  /** What is to be written, once. */
  takeWrite(): Write | undefined {
    if (!this.#isKept) return undefined;
    this.#isKept = false;
    return { key: COMMON_KEY, value: null };
  }
}
