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
  | { readonly own: Bucket; readonly sources?: undefined; readonly shared?: undefined }
  | { readonly own?: undefined; readonly sources: Map<string, Bucket>; readonly shared: Bucket };

/**
 * The lowest level of a bucket and of those within it, of which the lowest is `level`; zero where none
 * may be taken. A bucket that is not there is full.
 */
const levelWithin = (level: number, bucket: Bucket | undefined): number => {
  if (bucket === undefined) return level;
  return bucket.isEmpty || level < 1 - bucket.level ? 0 : Math.min(level, bucket.level);
};

export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #networks = new Map<string, Network>();
  #remembered = 0;
  #total: Bucket | undefined;
  /** Who was heard last, and its network. */
  #source = '';
  #name = networkOf('');

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /**
   * Takes a token from the source's bucket, from its network's and from that of all, or says that there
   * is none. The emptier a wider bucket, the fuller must be the narrower ones. Who is refused changes
   * nothing, so that a flood costs no more than the look.
   */
  admits(source: string, now: Instant): boolean {
    const total = this.#totalAt(now);
    if (total?.isEmpty === true) return false;
    const network = this.#networks.get(this.#networkOf(source));
    const own = network?.sources === undefined ? network?.own : network.sources.get(source);
    const shared = network?.shared;
    own?.fill(now);
    shared?.fill(now);
    let level = levelWithin(1, own);
    level = levelWithin(level, shared);
    if (levelWithin(level, total) === 0) return false;
    for (const bucket of this.#remember(source, now)) bucket.add(-1);
    total?.add(-1);
    return true;
  }

  /** Whether the source is remembered. */
  knows(source: string): boolean {
    const network = this.#networks.get(this.#networkOf(source));
    if (network === undefined) return false;
    return network.sources === undefined || network.sources.has(source);
  }

  /** Gives a token back to the source's network and to all: it was well spent. */
  giveBack(source: string): void {
    const network = this.#networks.get(this.#networkOf(source));
    if (network?.sources !== undefined) network.shared.add(1);
    this.#total?.add(1);
  }

  /** Whose address it is, which for IPv6 takes a while: nearly always that of whom was heard before. */
  #networkOf(source: string): string {
    if (source !== this.#source) {
      this.#source = source;
      this.#name = networkOf(source);
    }
    return this.#name;
  }

  #totalAt(now: Instant): Bucket | undefined {
    const { total } = this.#options;
    if (total === undefined) return undefined;
    this.#total ??= new Bucket(total, now);
    this.#total.fill(now);
    return this.#total;
  }

  /** The source's bucket, and its network's if it has one; both come last to be forgotten. */
  #remember(source: string, now: Instant): readonly Bucket[] {
    const { own, sources, shared } = this.#network(source, now);
    return own === undefined ? [this.#bucketIn(sources, source, now), shared] : [own];
  }

  #network(source: string, now: Instant): Network {
    const name = this.#networkOf(source);
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

  #bucketIn(sources: Map<string, Bucket>, source: string, now: Instant): Bucket {
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
