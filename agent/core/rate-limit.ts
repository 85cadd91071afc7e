/**
 * Token buckets by source address, in a table that strangers cannot fill; one for each network of IPv6,
 * for one computer has as many addresses there as it likes; and one for all together.
 */

import { isV6 } from '../../protocol/endpoint.ts';
import { networkOf } from '../../protocol/ip-address.ts';
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

/** The sources of one network that are remembered, in the order of last use: one of IPv4, many of IPv6. */
class Network {
  readonly sources = new Map<string, Bucket>();
  /** What they have together, where that is counted. */
  readonly shared: Bucket | undefined;

  constructor(shared: Bucket | undefined) {
    this.shared = shared;
  }
}

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
    return this.#networks.get(networkOf(source))?.sources.has(this.#nameOf(source)) ?? false;
  }

  /** Gives a token back to the source's network and to all: it was well spent. */
  giveBack(source: string): void {
    this.#networks.get(networkOf(source))?.shared?.add(1);
    this.#total?.add(1);
  }

  #nameOf(source: string): string {
    return this.#options.network === undefined ? networkOf(source) : source;
  }

  /** The source's bucket, its network's if it has one, and that of all. */
  #buckets(source: string, now: Instant): readonly Bucket[] {
    const { total } = this.#options;
    if (total !== undefined) this.#total ??= new Bucket(total, now);
    const network = this.#network(source, now);
    const own = this.#source(network, this.#nameOf(source), now);
    return [own, network.shared, this.#total].filter((bucket) => bucket !== undefined);
  }

  #network(source: string, now: Instant): Network {
    const { network: size } = this.#options;
    const name = networkOf(source);
    const known = this.#networks.get(name);
    const isShared = size !== undefined && isV6(source);
    const network = known ?? new Network(isShared ? new Bucket(size, now) : undefined);
    // To the end of the map's order, which is that of last use.
    if (known !== undefined) this.#networks.delete(name);
    this.#networks.set(name, network);
    return network;
  }

  #source({ sources }: Network, source: string, now: Instant): Bucket {
    const known = sources.get(source);
    if (known !== undefined) {
      sources.delete(source);
      sources.set(source, known);
      return known;
    }
    const most = this.#options.sources;
    if (sources.size >= Math.ceil(most / 4)) this.#forget(sources);
    else if (this.#remembered >= most) this.#forgetOldest();
    const bucket = new Bucket(this.#options, now);
    sources.set(source, bucket);
    this.#remembered++;
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
    this.#forget(sources);
    if (sources.size === 0) this.#networks.delete(name);
  }
}
