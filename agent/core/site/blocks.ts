/**
 * The blocks: what this member may lend of each pool of the site, and under each limit of its rules. A
 * third source of an allowance, beside the license itself and a parent: pools lend by the same code,
 * of fewer seats.
 */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import { type Instant, type Seconds, seconds } from '../../../protocol/units.ts';
import { LIMIT_PREFIX } from '../rules/rules.ts';
import type { SeatPool } from '../seats/seat-pool.ts';
import { Block } from './block.ts';
import type { CoveredSeats } from './covered-seats.ts';
import { Limits, type LimitsParts } from './limits.ts';
import type { MovedSeats } from './moved-seats.ts';
import { type NamedNeed, NamedUsers } from './named-users.ts';
import type { RegisterCalls } from './register-calls.ts';
import { Reserves, type ReservesParts } from './reserves.ts';
import type { Need } from './share-plan.ts';
import { decodeShares } from './share-record.ts';
import { Shares, type Surroundings, type Transacted } from './shares.ts';
import { KEPT_PREFIX, NAMED_PREFIX, POOL_PREFIX, poolKey } from './site-keys.ts';

export interface BlocksParts extends LimitsParts, Omit<ReservesParts, 'surplusOf'> {
  readonly claims: LimitsParts['claims'] & ReservesParts['claims'];
  readonly calls: RegisterCalls;
  readonly moved: MovedSeats;
  readonly covered: Pick<CoveredSeats, 'seatsOf' | 'pendingOf'>;
}

/** What is waited for here, beyond what is free. */
export interface Demand {
  readonly pools: ReadonlyMap<SeatPool, number>;
  /** By the key of each limit. */
  readonly limits: ReadonlyMap<string, number>;
  readonly named: readonly NamedNeed[];
}

/** What was read of the register, and when. */
type Reading = Pick<Transacted, 'entries' | 'revision'>;

const keyOf = (pool: SeatPool): string => poolKey(pool.licenseId, pool.class);

export class Blocks {
  readonly limits: Limits;
  readonly reserves: Reserves;
  readonly named: NamedUsers;
  readonly #parts: BlocksParts;
  readonly #shares: Shares;
  readonly #blocks = new Map<string, Block>();
  readonly #pools = new Map<string, SeatPool>();
  /** The keys of those that are shared by seats, as `plan` was told last. */
  readonly #planned = new Set<string>();
  /** What the register has was read since this agent became a member. */
  #isKnown = false;
  #longest = seconds(0);

  constructor(parts: BlocksParts) {
    const { me, calls } = parts;
    this.#parts = parts;
    this.limits = new Limits(parts);
    this.reserves = new Reserves({ ...parts, surplusOf: (product) => this.#surplusOf(product) });
    const learn = (answer: Transacted, now: Instant) => this.learn(answer, false, now);
    this.named = new NamedUsers({ me, calls, learn });
    this.#shares = new Shares({ me, calls, learn, limit: (block) => this.limit(block) });
  }

  /**
   * What a pool may lend of the seats that its license has for the site. Before the shares are known
   * nothing is lent anew, and nobody who has a seat loses it.
   */
  seatsOf(pool: SeatPool): number {
    this.#parts.moved.settle(pool);
    if (!this.#isKnown) return Math.min(pool.total, pool.lent);
    const { me, covered } = this.#parts;
    const own = this.#blockOf(keyOf(pool)).lendable(me, pool.total) + covered.seatsOf(pool);
    // Whether they are of the block yet or not: none of them is lent to anybody else.
    return Math.max(own, Math.min(own + covered.pendingOf(pool), pool.lent));
  }

  /** The longest term that seats are lent for. */
  get longest(): Seconds {
    return this.#longest;
  }

  cover(longest: Seconds): void {
    this.#longest = longest;
  }

  /**
   * What the register has of what is shared, and of what was moved since that was known; `true` where
   * that is news. `isAll`: of all that there are.
   */
  learn({ entries, revision }: Reading, isAll: boolean, now: Instant): boolean {
    this.#parts.moved.learn(entries, now, (key) => this.#pools.get(key));
    let isNews = isAll && !this.#isKnown;
    if (isAll) {
      this.#isKnown = true;
      this.reserves.join(now);
    }
    for (const entry of entries) {
      if (entry.key.startsWith(LIMIT_PREFIX)) isNews = this.limits.learn(entry) || isNews;
      if (entry.key.startsWith(KEPT_PREFIX)) isNews = this.reserves.learn(entry) || isNews;
      if (entry.key.startsWith(NAMED_PREFIX)) isNews = this.named.learn(entry) || isNews;
      if (!entry.key.startsWith(POOL_PREFIX)) continue;
      const shares = decodeShares(entry.value);
      isNews = this.#blockOf(entry.key).learn(entry.revision, shares) || isNews;
    }
    if (isAll) this.limits.learnAll(entries, revision);
    return isNews;
  }

  /** The shares may be others' by now. */
  forget(): void {
    this.#isKnown = false;
  }

  /** The register is another one. */
  forgetAll(): void {
    this.forget();
    for (const block of this.#blocks.values()) block.forget();
    this.limits.forgetAll();
    this.reserves.forgetAll();
    this.named.forgetAll();
  }

  /** The block by its key in the register, though its pool be not here. */
  blockAt(key: string): Block {
    return this.#blockOf(key);
  }

  /** The block of a pool. */
  blockOf(pool: SeatPool): Block {
    return this.#blockOf(keyOf(pool));
  }

  /**
   * Whether another member has changed a share first: to be planned at once. Who tries again only at its
   * next beat may be overtaken for ever by two that beat a moment before it.
   */
  takeOvertaken(): boolean {
    return this.#shares.takeOvertaken();
  }

  beat(): void {
    for (const block of this.#blocks.values()) block.beat();
    this.limits.beat();
  }

  /** Asks for what should be shared otherwise. `pools`: all with a license, or with seats that are lent. */
  plan(
    pools: Iterable<SeatPool>,
    surroundings: Surroundings,
    demand: Demand,
    now: Instant,
    onAnswer: (isNews: boolean) => void,
  ): void {
    if (!this.#isKnown) return;
    const products = new Set<string>();
    this.#planned.clear();
    for (const pool of pools) {
      products.add(pool.product);
      if (pool.total >= SEATS_UNLIMITED) continue;
      const key = keyOf(pool);
      this.#pools.set(key, pool);
      this.#planned.add(key);
      this.#blockOf(key).counted = pool;
    }
    this.reserves.plan(products, this.#shares, surroundings, now, onAnswer);
    for (const [key, block] of this.#blocks) {
      const pool = this.#planned.has(key) ? this.#pools.get(key) : undefined;
      const use = this.#useOf(block, pool, surroundings, demand, now);
      this.#shares.plan(block, use, surroundings, onAnswer);
    }
    this.named.plan(demand.named, surroundings, now, onAnswer);
    this.limits.plan(this.#shares, surroundings, demand.limits, onAnswer);
  }

  #surplusOf(product: string): number {
    let surplus = 0;
    for (const pool of this.#pools.values()) if (pool.product === product) surplus += pool.surplus;
    return surplus;
  }

  /** Who is to lend a seat to somebody needs those beside it that are kept for others. */
  #useOf(
    block: Block,
    pool: SeatPool | undefined,
    { alive }: Surroundings,
    demand: Demand,
    now: Instant,
  ): Pick<Need, 'lent' | 'demand' | 'spare'> {
    if (pool === undefined || pool.total === 0)
      return { lent: pool?.lent ?? 0, demand: 0, spare: 0 };
    const lent = pool.lent - this.#parts.covered.seatsOf(pool);
    const idle = Math.max(0, block.seatsOf(this.#parts.me) - lent);
    const { obliged, unmet } = this.reserves.of(pool, idle, now);
    const kept = Math.max(0, unmet - obliged);
    const spare = block.spare(pool.total, alive.size) + kept;
    const waited = demand.pools.get(pool) ?? 0;
    return { lent: lent + obliged, demand: waited === 0 ? 0 : waited + kept, spare };
  }

  /** What it is about to give away it does not lend any more. */
  limit({ key }: Block): void {
    const pool = this.#planned.has(key) ? this.#pools.get(key) : undefined;
    if (pool !== undefined) pool.granted = this.seatsOf(pool);
  }

  #blockOf(key: string): Block {
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    const block = new Block(key);
    this.#blocks.set(key, block);
    return block;
  }
}
