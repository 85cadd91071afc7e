/**
 * What rules limit, counted for the whole site: a member lends under a limit what it has a share of,
 * as it does of a pool. There may be one for each user, so they are looked after a few at a time.
 */

import type { RuleBook } from '../rules/rule-book.ts';
import { LIMIT_PREFIX, type Limit, NO_RULES } from '../rules/rules.ts';
import type { SeatClaims } from '../seats/seat-claims.ts';
import { Block, type Counted } from './block.ts';
import type { RegisterEntry, Revision } from './register.ts';
import { decodeShares } from './share-record.ts';
import type { Shares, Surroundings } from './shares.ts';
import type { MemberId } from './site-keys.ts';

/** Those that are looked at in a beat, though nothing is known to have changed. */
const VISITS = 256;
/** Changes that are under way at a time. */
const ASKS_MAX = 64;

export interface LimitsParts {
  readonly me: MemberId;
  readonly rules: Pick<RuleBook, 'current'>;
  readonly claims: Pick<SeatClaims, 'tally' | 'tallies'>;
}

/** A limit as it is used here. */
class LimitCount implements Counted {
  readonly #key: string;
  readonly #parts: LimitsParts;
  taken = 0;

  constructor(key: string, parts: LimitsParts) {
    this.#key = key;
    this.#parts = parts;
  }

  get total(): number {
    return this.#parts.rules.current.limitOf(this.#key)?.most ?? 0;
  }

  get lent(): number {
    return this.#parts.claims.tally(this.#key);
  }

  /** Whether some of it is to be kept at hand: what counts one user comes when that one does. */
  get isKeptReady(): boolean {
    const rule = this.#parts.rules.current.limitOf(this.#key);
    return rule !== undefined && rule.each === undefined && (this.lent > 0 || this.taken > 0);
  }
}

export class Limits {
  readonly #parts: LimitsParts;
  readonly #blocks = new Map<string, { readonly block: Block; readonly count: LimitCount }>();
  /** Those of which something has changed. */
  readonly #due = new Set<string>();
  #visits: Iterator<string> | undefined;
  /** It has joined, and was not asked since whether that left it too few. */
  #hasJoined = false;

  constructor(parts: LimitsParts) {
    this.#parts = parts;
  }

  /** What may be counted here under a limit. */
  mostOf({ key, most }: Limit): number {
    const known = this.#blocks.get(key);
    if (known === undefined) return 0;
    known.count.taken++;
    return known.block.lendable(this.#parts.me, most);
  }

  /** Whether more is counted under one of these keys than may be. */
  isOver(keys: readonly string[]): boolean {
    return keys.some((key) => this.surplus(key) > 0);
  }

  surplus(key: string): number {
    if (!key.startsWith(LIMIT_PREFIX)) return 0;
    const { block, count } = this.#get(key);
    return count.lent - block.lendable(this.#parts.me, count.total);
  }

  /** The block of a limit, which is looked after from now on. */
  blockOf(key: string): Block {
    return this.#get(key).block;
  }

  #get(key: string): { readonly block: Block; readonly count: LimitCount } {
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    const made = { block: new Block(key), count: new LimitCount(key, this.#parts) };
    made.block.counted = made.count;
    this.#blocks.set(key, made);
    return made;
  }

  /** Takes in what the register has of one; `true` where that is news. */
  learn({ key, value, revision }: RegisterEntry): boolean {
    const isNews = this.blockOf(key).learn(revision, decodeShares(value));
    if (isNews) this.#due.add(key);
    return isNews;
  }

  /** The register has these, and no others. */
  learnAll(entries: readonly RegisterEntry[], revision: Revision): void {
    const there = new Set(entries.map(({ key }) => key));
    for (const [key, { block }] of this.#blocks) {
      if (!there.has(key)) block.learnAbsent(revision);
    }
    this.recount();
    this.#hasJoined = true;
  }

  /** The register is another one. */
  forgetAll(): void {
    for (const { block } of this.#blocks.values()) block.forget();
  }

  /**
   * Whether it is time to end leases that others may have the share of: once after each joining, when
   * it is known by which rules they count.
   */
  takeJoined(): boolean {
    if (!this.#hasJoined || this.#parts.rules.current === NO_RULES) return false;
    this.#hasJoined = false;
    return true;
  }

  /** Leases count under other keys now. */
  recount(): void {
    for (const [key] of this.#parts.claims.tallies()) {
      if (key.startsWith(LIMIT_PREFIX)) this.#due.add(key);
    }
  }

  beat(): void {
    for (const { block } of this.#blocks.values()) block.beat();
    for (let i = 0; i < VISITS; i++) {
      const next = this.#visits?.next();
      if (next === undefined || next.done === true) {
        this.#visits = this.#blocks.keys();
        return;
      }
      this.#due.add(next.value);
    }
  }

  /** Asks for what should be shared otherwise. `demand`: what is waited for here, by key. */
  plan(
    shares: Shares,
    surroundings: Surroundings,
    demand: ReadonlyMap<string, number>,
    onAnswer: (isNews: boolean) => void,
  ): void {
    for (const key of demand.keys()) this.#due.add(key);
    for (const key of this.#due) {
      if (shares.asking >= ASKS_MAX) return;
      const { block, count } = this.#get(key);
      const spare = count.isKeptReady ? block.spare(count.total, surroundings.alive.size) : 0;
      const use = { lent: count.lent, demand: demand.get(key) ?? 0, spare };
      const isAsked = shares.plan(block, use, surroundings, onAnswer);
      if (isAsked || block.isWanted) continue;
      this.#due.delete(key);
      if (block.isEmpty && count.lent === 0) this.#drop(block, shares, surroundings, onAnswer);
    }
  }

  #drop(
    block: Block,
    shares: Shares,
    surroundings: Surroundings,
    onAnswer: (isNews: boolean) => void,
  ): void {
    if (block.revision === 0) this.#blocks.delete(block.key);
    else shares.forget(block, surroundings, onAnswer);
  }
}
