/** Token buckets by source address, in a table that strangers cannot fill. */

import { between, type Instant } from '../../protocol/units.ts';

export interface RateLimitOptions {
  /** Tokens regained in a second, and the most that a source can save up. */
  readonly perSecond: number;
  readonly burst: number;
  /** Sources remembered; beyond them the one that was silent longest is forgotten. */
  readonly sources: number;
}

interface Bucket {
  tokens: number;
  filledAt: Instant;
}

export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Takes a token from the source's bucket, or says that there is none. */
  admits(source: string, now: Instant): boolean {
    const bucket = this.#bucket(source, now);
    const gained = (between(bucket.filledAt, now) / 1000) * this.#options.perSecond;
    bucket.tokens = Math.min(this.#options.burst, bucket.tokens + gained);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** The source's bucket, moved to the end of the map's order, which is the order of last use. */
  #bucket(source: string, now: Instant): Bucket {
    const known = this.#buckets.get(source);
    if (known !== undefined) {
      this.#buckets.delete(source);
      this.#buckets.set(source, known);
      return known;
    }
    if (this.#buckets.size >= this.#options.sources) {
      const oldest = this.#buckets.keys().next();
      if (!oldest.done) this.#buckets.delete(oldest.value);
    }
    const bucket = { tokens: this.#options.burst, filledAt: now };
    this.#buckets.set(source, bucket);
    return bucket;
  }
}
