/** Token buckets by source address, in a table that strangers cannot fill, and one for all together. */

import { between, type Instant } from '../../protocol/units.ts';

export interface BucketSize {
  /** Tokens regained in a second, and the most that can be saved up. */
  readonly perSecond: number;
  readonly burst: number;
}

/** The size of each source's bucket. */
export interface RateLimitOptions extends BucketSize {
  /** Sources remembered; beyond them the one that was silent longest is forgotten. */
  readonly sources: number;
  /** What all sources have together. When it runs low, those that have taken least come first. */
  readonly total?: BucketSize;
}

class Bucket {
  readonly #size: BucketSize;
  #tokens: number;
  #filledAt: Instant;

  constructor(size: BucketSize, now: Instant) {
    this.#size = size;
    this.#tokens = size.burst;
    this.#filledAt = now;
  }

  fill(now: Instant): void {
    const gained = (between(this.#filledAt, now) / 1000) * this.#size.perSecond;
    this.#filledAt = now;
    this.add(gained);
  }

  add(tokens: number): void {
    this.#tokens = Math.min(this.#size.burst, this.#tokens + tokens);
  }

  get isEmpty(): boolean {
    return this.#tokens < 1;
  }

  /** How full it is, from 0 to 1. */
  get level(): number {
    return this.#tokens / this.#size.burst;
  }
}

export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #buckets = new Map<string, Bucket>();
  #total: Bucket | undefined;

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Takes a token from the source's bucket, or says that there is none. */
  admits(source: string, now: Instant): boolean {
    const bucket = this.#bucket(source, now);
    bucket.fill(now);
    if (bucket.isEmpty || !this.#admitsInAll(bucket, now)) return false;
    bucket.add(-1);
    return true;
  }

  /** Whether the source is remembered. */
  knows(source: string): boolean {
    return this.#buckets.has(source);
  }

  /** Gives a token back to all: it was well spent. */
  giveBack(): void {
    this.#total?.add(1);
  }

  /** The emptier the bucket of all, the fuller must be the source's own. */
  #admitsInAll(bucket: Bucket, now: Instant): boolean {
    const { total } = this.#options;
    if (total === undefined) return true;
    this.#total ??= new Bucket(total, now);
    this.#total.fill(now);
    if (this.#total.isEmpty || bucket.level < 1 - this.#total.level) return false;
    this.#total.add(-1);
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
    const bucket = new Bucket(this.#options, now);
    this.#buckets.set(source, bucket);
    return bucket;
  }
}
