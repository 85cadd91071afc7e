/**
 * What an agent by itself keeps of a site that it was a member of: nothing. It lends now what no site
 * counts, and what it removes stays with the site; so it forgets, before it lends, that it was one.
 */

import type { Write } from './write.ts';

export class FormerSite {
  #kept: readonly string[] = [];

  /** The store has something of it yet. */
  restore(key: string): true {
    this.#kept = [...this.#kept, key];
    return true;
  }

  /** What is to be written, once. */
  takeWrites(): readonly Write[] {
    if (this.#kept.length === 0) return NONE;
    const writes = this.#kept.map((key) => ({ key, value: null }));
    this.#kept = [];
    return writes;
  }
}

const NONE: readonly Write[] = [];
