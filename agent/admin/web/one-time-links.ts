/** Links that sign a local administrator in, each once and soon. */

import { hashOf, makeSecret } from './session-book.ts';

/** Milliseconds that a link is good for. */
const LIFE_MS = 120_000;
const LINKS_MAX = 16;

export class OneTimeLinks {
  readonly #now: () => number;
  readonly #links = new Map<string, { readonly name: string; readonly madeAt: number }>();

  /** `now` in milliseconds; only differences count. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A code that signs `name` in. */
  make(name: string): string {
    if (this.#links.size >= LINKS_MAX) {
      const oldest = this.#links.keys().next();
      if (!oldest.done) this.#links.delete(oldest.value);
    }
    const code = makeSecret();
    this.#links.set(hashOf(code).toString('hex'), { name, madeAt: this.#now() });
    return code;
  }

  /** Whose code it is; it is spent by that. */
  take(code: string): string | undefined {
    const hash = hashOf(code).toString('hex');
    const link = this.#links.get(hash);
    this.#links.delete(hash);
    if (link === undefined || this.#now() - link.madeAt > LIFE_MS) return undefined;
    return link.name;
  }
}
