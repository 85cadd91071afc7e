/**
 * What rules reserve, kept by all members together. A member keeps in its own block what a line says,
 * less what the others have written down that is taken up at theirs: so whoever lends a seat to
 * somebody else has at that moment all seats that are not taken up elsewhere, whatever the others do.
 *
 * Who has written down that seats are taken up there keeps as many, lent to those whom they are for or
 * idle, and gives none of them away. When it takes that back it keeps them until nobody grants any more
 * who may not have read that: a member grants for `ALIVE_MS` from before it has read. A seat that is
 * borrowed is not kept here: the loan takes back what was written down of it, and nobody hears of it, who
 * could give it back elsewhere, before all have read that.
 *
 * Only a seat of this member's share is taken up here. Who comes back to its site may have more leases
 * than that: others have their seats, and keep of those what is reserved. Any of them may be for whom
 * seats are kept, so of each reservation so many fewer are taken up.
 */

import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { Instant } from '../../../protocol/units.ts';
import type { Reservation } from '../rules/rule.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { takenUp } from '../rules/taken-up.ts';
import type { SeatClaims } from '../seats/seat-claims.ts';
import type { SeatPool } from '../seats/seat-pool.ts';
import { Block } from './block.ts';
import type { RegisterEntry, Revision } from './register.ts';
import { decodeShares, type Share } from './share-record.ts';
import type { Shares, Surroundings } from './shares.ts';
import { KEPT_PREFIX, type MemberId } from './site-keys.ts';
import { grantsEnd } from './site-times.ts';

export interface ReservesParts {
  readonly me: MemberId;
  readonly rules: Pick<RuleBook, 'current'>;
  readonly claims: Pick<SeatClaims, 'reserved'>;
  /** What is lent here of a product beyond the seats that this member has. */
  readonly surplusOf: (product: string) => number;
}

/** A reservation that this member has written something down of. */
interface Reserve {
  readonly block: Block;
  /** What the others may believe to be kept here, */
  held: number;
  /** if less is written down by now, until then. */
  until: Instant | undefined;
}

/** Reservations that one loan may take back something of. */
const LOWERED_MAX = 40;

/** What a member has written down since it has joined: it may not have those of before. */
type Elsewhere = Pick<Share, 'member' | 'seats' | 'since'>;

/** As a record tells when its member has joined: its numbers have 32 bits, and etcd's revisions more. */
const sinceOf = (joined: Revision): number => joined % 2 ** 32;

/** Whether it was written by a member that is there, and since that one has joined. */
const isOf = (
  joined: ReadonlyMap<MemberId, Revision>,
  { member, since }: Pick<Elsewhere, 'member' | 'since'>,
): boolean => {
  const revision = joined.get(member);
  return revision !== undefined && sinceOf(revision) === since;
};

/** Seats of one pool. */
export interface Kept {
  /** Idle ones that are given to no other member. */
  readonly obliged: number;
  /** Those that must be free when a seat is lent to somebody else. */
  readonly unmet: number;
}

const NOTHING: Kept = { obliged: 0, unmet: 0 };
const NONE: ReadonlyMap<string, number> = new Map();

export class Reserves {
  readonly #parts: ReservesParts;
  readonly #reserves = new Map<string, Reserve>();
  /**
   * By key, what the others had written down when the register was read last, with who was there. What
   * the dead had written down is forgotten at once: their seats may be somebody else's.
   */
  #elsewhere: ReadonlyMap<string, readonly Elsewhere[]> = new Map();
  /** Before this instant others may go by what an earlier start has taken back. */
  #startsAt: Instant | undefined;

  constructor(parts: ReservesParts) {
    this.#parts = parts;
  }

  learn({ key, value, revision }: RegisterEntry): boolean {
    return this.#get(key).block.learn(revision, decodeShares(value));
  }

  /** Reservations with the seats that are to be kept here, or are taken up here. */
  here(all: readonly Reservation[]): readonly Reservation[] {
    return all.map((one) => {
      const others = this.#elsewhere.get(keyOf(one)) ?? [];
      const elsewhere = others.reduce((sum, { seats }) => sum + seats, 0);
      return { ...one, seats: Math.max(0, one.seats - elsewhere) };
    });
  }

  /** Seats that are taken up here by key, of what is to be kept of one product (`here`). */
  taken(kept: readonly Reservation[]): ReadonlyMap<string, number> {
    const [first] = kept;
    if (first === undefined) return NONE;
    const { claims, surplusOf } = this.#parts;
    const surplus = surplusOf(first.target.product);
    const held = [...claims.reserved()].map(
      ([key, seats]) => [key, Math.max(0, seats - surplus)] as const,
    );
    return takenUp(kept, held);
  }

  /** The register was read. `joined`: who was there then, and since when. */
  look(joined: ReadonlyMap<MemberId, Revision>): void {
    const { me } = this.#parts;
    const elsewhere = new Map<string, readonly Elsewhere[]>();
    for (const [key, { block }] of this.#reserves) {
      const others = (block.shares ?? []).filter(({ member }) => member !== me);
      elsewhere.set(
        key,
        others.filter((one) => isOf(joined, one)),
      );
    }
    this.#elsewhere = elsewhere;
  }

  /** The register is another one. */
  forgetAll(): void {
    this.#reserves.clear();
    this.#elsewhere = new Map();
  }

  /** It has joined just now. */
  join(now: Instant): void {
    this.#startsAt = grantsEnd(now);
  }

  /** Only these are there by now. */
  forgetOthers(joined: ReadonlyMap<MemberId, Revision>): void {
    const left = [...this.#elsewhere].map(
      ([key, all]) => [key, all.filter((one) => isOf(joined, one))] as const,
    );
    this.#elsewhere = new Map(left);
  }

  /** What is kept here of a pool, of which so many seats are idle. */
  of({ product, class: className }: SeatPool, idle: number, now: Instant): Kept {
    const all = this.here(this.#parts.rules.current.reservations({ product }));
    if (all.length === 0) return NOTHING;
    const taken = this.taken(all);
    const isFresh = this.#startsAt !== undefined && now < this.#startsAt;
    let [obliged, unmet] = [isFresh ? idle : 0, 0];
    for (const one of all) {
      const { class: reserved } = one.target;
      if (reserved !== null && reserved !== className && className !== GENERIC_CLASS) continue;
      const count = taken.get(one.key) ?? 0;
      obliged += Math.max(0, this.#get(keyOf(one)).held - count);
      unmet += Math.max(0, one.seats - count);
    }
    return { obliged: Math.min(obliged, idle), unmet };
  }

  /**
   * What takes back what is written down of a product, and not taken up here any more; `wait`: some of it
   * is being written just now. `no-seat`: it is too much for one change.
   */
  lowered(
    product: string,
    fence: Revision,
  ): ReadonlyMap<Block, readonly Share[]> | 'wait' | 'no-seat' {
    const { me, rules } = this.#parts;
    const all = rules.current.reservations({ product });
    const lowered = new Map<Block, readonly Share[]>();
    const taken = this.taken(this.here(all));
    for (const one of all) {
      const { block } = this.#get(keyOf(one));
      const seats = taken.get(one.key) ?? 0;
      if (block.shares === undefined || block.mostOf(me) <= seats) continue;
      if (block.isAsking) return 'wait';
      const since = sinceOf(fence);
      lowered.set(block, sharesWith(block.shares, { member: me, seats, wanted: 0, since }));
    }
    return lowered.size > LOWERED_MAX ? 'no-seat' : lowered;
  }

  /** Writes down what is taken up here of the reservations of these products. */
  plan(
    products: Iterable<string>,
    shares: Shares,
    surroundings: Surroundings,
    now: Instant,
    onAnswer: (isNews: boolean) => void,
  ): void {
    const { me, rules } = this.#parts;
    for (const product of products) {
      const all = rules.current.reservations({ product });
      if (all.length === 0) continue;
      const taken = this.taken(this.here(all));
      for (const one of all) {
        const reserve = this.#get(keyOf(one));
        const { block } = reserve;
        const planned = this.#planned(block, taken.get(one.key) ?? 0, one.seats, surroundings);
        if (planned !== undefined && !block.isAsking)
          shares.put(block, planned, surroundings, onAnswer);
        hold(reserve, block.mostOf(me), now);
      }
    }
  }

  /** What is to be written down; `undefined` where it is. */
  #planned(
    block: Block,
    taken: number,
    total: number,
    { gone, fence }: Surroundings,
  ): readonly Share[] | undefined {
    const { me } = this.#parts;
    if (block.shares === undefined) return undefined;
    const others = block.shares.filter(({ member }) => member !== me && !gone.has(member));
    const left = total - others.reduce((sum, { seats }) => sum + seats, 0);
    const seats = Math.max(0, Math.min(taken, left));
    const own = block.shares.find(({ member }) => member === me);
    const since = sinceOf(fence);
    const isSame = seats === 0 ? own === undefined : own?.seats === seats && own.since === since;
    const all = block.shares.filter(({ member }) => member !== me);
    if (isSame && others.length === all.length && !block.isDoubtful) return undefined;
    return sharesWith(others, { member: me, seats, wanted: 0, since });
  }

  #get(key: string): Reserve {
    const known = this.#reserves.get(key);
    if (known !== undefined) return known;
    const made = { block: new Block(key), held: 0, until: undefined };
    this.#reserves.set(key, made);
    return made;
  }
}

const sharesWith = (shares: readonly Share[], own: Share): readonly Share[] => {
  const others = shares.filter(({ member }) => member !== own.member);
  return own.seats === 0 ? others : [...others, own];
};

const hold = (reserve: Reserve, most: number, now: Instant): void => {
  if (most < reserve.held) {
    reserve.until ??= grantsEnd(now);
    if (now < reserve.until) return;
  }
  reserve.held = most;
  reserve.until = undefined;
};

const keyOf = ({ line }: Reservation): string => KEPT_PREFIX + encodeURIComponent(line.text);
