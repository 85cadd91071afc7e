/**
 * Token buckets by source address, in a table that strangers cannot fill; one for each network of IPv6,
 * for one computer has as many addresses there as it likes; and one for all together.
 */

import { isV6 } from '../../../protocol/endpoint.ts';
import { networkOf } from '../../../protocol/ip-address.ts';
import { between, type Instant } from '../../../protocol/units.ts';

export interface BucketSize {
  /** Tokens regained in a second, and the most that can be saved up. */
  readonly perSecond: number;
  readonly burst: number;
}

/** The size of each source's bucket. */
export interface RateLimitOptions extends BucketSize {
  /** Sources remembered; beyond them the one that was silent longest is forgotten. */
  readonly sources: number;
  /**
   * What all addresses of one /64 of IPv6 have together; without it they are one source. A quarter of
   * the sources remembered may be of one.
   */
  readonly network?: BucketSize;
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

/** One source, or the many of one network of IPv6 in the order of their last use. */
type Network =
  | { readonly own: Bucket; readonly sources?: undefined }
  | { readonly own?: undefined; readonly sources: Map<string, Bucket>; readonly shared: Bucket };

export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #networks = new Map<string, Network>();
  #remembered = 0;
  #total: Bucket | undefined;

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /**
   * Takes a token from the source's bucket, from its network's and from that of all, or says that there
   * is none. The emptier a wider bucket, the fuller must be the narrower ones.
   */
  admits(source: string, now: Instant): boolean {
    const buckets = this.#buckets(source, now);
    let level = 1;
    for (const bucket of buckets) {
      bucket.fill(now);
      if (bucket.isEmpty || level < 1 - bucket.level) return false;
      level = Math.min(level, bucket.level);
    }
    for (const bucket of buckets) bucket.add(-1);
    return true;
  }

  /** Whether the source is remembered. */
  knows(source: string): boolean {
    const network = this.#networks.get(networkOf(source));
    if (network === undefined) return false;
    return network.sources === undefined || network.sources.has(source);
  }

  /** Gives a token back to the source's network and to all: it was well spent. */
  giveBack(source: string): void {
    const network = this.#networks.get(networkOf(source));
    if (network?.sources !== undefined) network.shared.add(1);
    this.#total?.add(1);
  }

  /** The source's bucket, its network's if it has one, and that of all. */
  #buckets(source: string, now: Instant): readonly Bucket[] {
    const { total } = this.#options;
    if (total !== undefined) this.#total ??= new Bucket(total, now);
    const network = this.#network(source, now);
    const buckets = network.own === undefined ? [] : [network.own];
    if (network.sources !== undefined) {
      buckets.push(this.#source(network.sources, source, now), network.shared);
    }
    if (this.#total !== undefined) buckets.push(this.#total);
    return buckets;
  }

  #network(source: string, now: Instant): Network {
    const name = networkOf(source);
    const network = this.#networks.get(name) ?? this.#newNetwork(source, now);
    // To the end of the map's order, which is that of last use.
    this.#networks.delete(name);
    this.#networks.set(name, network);
    return network;
  }

  /** Nothing but a bucket for one of IPv4, for strangers forge a new one with each datagram. */
  #newNetwork(source: string, now: Instant): Network {
    const { network: size } = this.#options;
    if (size !== undefined && isV6(source)) {
      return { sources: new Map(), shared: new Bucket(size, now) };
    }
    return { own: this.#newSource(now) };
  }

  #newSource(now: Instant): Bucket {
    if (this.#remembered >= this.#options.sources) this.#forgetOldest();
    this.#remembered++;
    return new Bucket(this.#options, now);
  }

  #source(sources: Map<string, Bucket>, source: string, now: Instant): Bucket {
    const known = sources.get(source);
    if (known === undefined && sources.size >= Math.ceil(this.#options.sources / 4)) {
      this.#forget(sources);
    }
    const bucket = known ?? this.#newSource(now);
    sources.delete(source);
    sources.set(source, bucket);
    return bucket;
  }

  /** Forgets the source that was silent longest of these. */
  #forget(sources: Map<string, Bucket>): void {
    const oldest = sources.keys().next();
    if (oldest.done || !sources.delete(oldest.value)) return;
    this.#remembered--;
  }

  /** The same of the network that was silent longest, and the network with its last source. */
  #forgetOldest(): void {
    const oldest = this.#networks.entries().next();
    if (oldest.done) return;
    const [name, { sources }] = oldest.value;
    if (sources === undefined) this.#remembered--;
    else this.#forget(sources);
    if (sources === undefined || sources.size === 0) this.#networks.delete(name);
  }
}
