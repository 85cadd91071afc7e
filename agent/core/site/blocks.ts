/**
 * The blocks: what this member may lend of each pool of the site. A third source of an allowance,
 * beside the license itself and a parent: pools lend by the same code, of fewer seats.
 */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import { type Instant, type Seconds, seconds } from '../../../protocol/units.ts';
import type { SeatPool } from '../seats/seat-pool.ts';
import { Block } from './block.ts';
import type { CoveredSeats } from './covered-seats.ts';
import type { MovedSeats } from './moved-seats.ts';
import type { RegisterAsk, RegisterEntry, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { type Need, planShares } from './share-plan.ts';
import { decodeShares, encodeShares, type Share } from './share-record.ts';
import { deadKey, joinedKey, type MemberId, POOL_PREFIX, poolKey } from './site-keys.ts';

export interface BlocksParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  readonly moved: MovedSeats;
  readonly covered: Pick<CoveredSeats, 'seatsOf' | 'pendingOf'>;
}

/** What planning needs to know beside the shares. */
export interface Surroundings extends Pick<Need, 'alive'> {
  /** The dead of whose seats nobody holds one any more, and what proves it. */
  readonly gone: ReadonlyMap<MemberId, Revision>;
  /** Of this member's own key, which every change compares. */
  readonly fence: Revision;
  /** Seats that are waited for here, beyond those that are free. */
  readonly demand: ReadonlyMap<SeatPool, number>;
}

const keyOf = (pool: SeatPool): string => poolKey(pool.licenseId, pool.class);

export class Blocks {
  readonly #parts: BlocksParts;
  readonly #blocks = new Map<string, Block>();
  /** What the register has was read since this agent became a member. */
  #isKnown = false;
  #longest = seconds(0);

  constructor(parts: BlocksParts) {
    this.#parts = parts;
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
   * What the register has of pools, and of what was moved since they were known; `true` where that is
   * news. `isAll`: of all that there are.
   */
  learn(entries: readonly RegisterEntry[], isAll: boolean, now: Instant): boolean {
    this.#parts.moved.learn(entries, now, (key) => this.#blockOf(key).pool);
    let isNews = isAll && !this.#isKnown;
    if (isAll) this.#isKnown = true;
    for (const { key, value, revision } of entries) {
      if (!key.startsWith(POOL_PREFIX)) continue;
      isNews = this.#blockOf(key).learn(revision, decodeShares(value)) || isNews;
    }
    return isNews;
  }

  /** The shares may be others' by now. */
  forget(): void {
    this.#isKnown = false;
  }

  /** The block by its key in the register, though its pool be not here. */
  blockAt(key: string): Block {
    return this.#blockOf(key);
  }

  /** The block of a pool. */
  blockOf(pool: SeatPool): Block {
    return this.#blockOf(keyOf(pool));
  }

  beat(): void {
    for (const block of this.#blocks.values()) block.beat();
  }

  /** Asks for what should be shared otherwise. `pools`: all with a license, or with seats that are lent. */
  plan(
    pools: Iterable<SeatPool>,
    surroundings: Surroundings,
    onAnswer: (isNews: boolean) => void,
  ): void {
    if (!this.#isKnown) return;
    for (const pool of pools) {
      if (pool.total < SEATS_UNLIMITED) this.#blockOf(keyOf(pool)).pool = pool;
    }
    for (const block of this.#blocks.values()) {
      if (block.isAsking || block.shares === undefined) continue;
      const need = this.#needOf(block, surroundings);
      const planned = planShares(block.shares, need);
      const wish = planned ?? (block.isDoubtful ? block.shares : undefined);
      if (wish !== undefined) this.#ask(block, wish, surroundings, onAnswer);
    }
  }

  #needOf(block: Block, { alive, gone, demand }: Surroundings): Need {
    const { pool } = block;
    const total = pool?.total ?? 0;
    const isWanted = total > 0;
    return {
      me: this.#parts.me,
      total,
      lent: pool === undefined ? 0 : pool.lent - this.#parts.covered.seatsOf(pool),
      demand: (pool && demand.get(pool)) ?? 0,
      spare: isWanted ? block.spare(total, alive.size) : 0,
      isQuiet: block.isQuiet,
      alive,
      gone,
    };
  }

  #ask(
    block: Block,
    planned: readonly Share[],
    { fence, gone }: Surroundings,
    onAnswer: (isNews: boolean) => void,
  ): void {
    const { me, calls } = this.#parts;
    const before = block.shares ?? [];
    const struck = before.filter(({ member }) => !planned.some((one) => one.member === member));
    block.asks(planned.find(({ member }) => member === me)?.seats ?? 0);
    const ask: RegisterAsk = {
      compares: [
        { key: block.key, revision: block.revision },
        { key: joinedKey(me), revision: fence },
        // Each is as dead as it was seen to be, for as long.
        ...struck.map(({ member }) => ({ key: deadKey(member), revision: gone.get(member) ?? 0 })),
      ],
      writes: [{ key: block.key, value: encodeShares(planned) }],
      reads: block.reads,
    };
    calls.ask(ask, (answer, { at }) => {
      const isNews = answer.kind === 'transacted' && this.learn(answer.entries, false, at.mono);
      block.answered(answer.kind === 'silent');
      onAnswer(isNews);
    });
    this.limit(block);
  }

  /** What it is about to give away it does not lend any more. */
  limit({ pool }: Block): void {
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
