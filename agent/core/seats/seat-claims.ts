/**
 * Claims: what a lease counts as. A plain claim is one seat of one pool, and every lease of it has a
 * seat of its own: there is one such claim for a pool, however many its leases. Every other claim is
 * of several seats, or is shared by the leases of one user or host, or is counted by a rule: its
 * seats are taken with its first lease and come back with its last. A claim that nobody shares and
 * that is not plain has one lease.
 */

import { assert } from '../../../protocol/result.ts';
import { isReservedKey } from '../rules/taken-up.ts';
import type { SeatPool } from './seat-pool.ts';

export interface ClaimPart {
  readonly pool: SeatPool;
  readonly seats: number;
}

export interface SeatClaim {
  readonly parts: readonly ClaimPart[];
  /** The class that was asked for, which a generic seat may serve. */
  readonly asked: string;
  /** Seats beyond the license's count are among them. */
  readonly overdraft: boolean;
  /** Who shares it, or `undefined` when nobody does. */
  readonly share: string | undefined;
  /** What rules count it as. */
  readonly tallies: readonly string[];
  /** It takes up nothing of what is reserved: no member of its site has its seats. */
  readonly isAway?: boolean;
}

/** How a claim's seats are counted when its first lease comes: as they are lent, or once more. */
type Counting = 'lend' | 'recall';

interface Entry {
  claim: SeatClaim;
  leases: number;
  readonly isPlain: boolean;
}

/** A claim as it is counted. */
export interface ClaimSeen extends SeatClaim {
  readonly leases: number;
  /** Every lease of it has a seat of its own. */
  readonly isPlain: boolean;
}

export const weightOf = (claim: SeatClaim): number =>
  claim.parts.reduce((sum, part) => sum + part.seats, 0);

export class SeatClaims {
  readonly #entries: (Entry | undefined)[] = [];
  readonly #free: number[] = [];
  /** Plain claims of a pool by what else they say. */
  readonly #plain = new Map<SeatPool, Map<string, number>>();
  readonly #shares = new Map<string, readonly number[]>();
  readonly #tallies = new Map<string, number>();
  /** The keys of reservations among them: few, while a limit may have one for each user. */
  readonly #reserved = new Set<string>();

  /** The number of a claim: a new one, unless it is plain, of which there is one for a pool. */
  open(claim: SeatClaim): number {
    const plainPool = plainPoolOf(claim);
    if (plainPool !== undefined) {
      const plain = this.#plain.get(plainPool) ?? new Map<string, number>();
      this.#plain.set(plainPool, plain);
      const kind = `${claim.overdraft} ${claim.asked}`;
      const number = plain.get(kind) ?? this.#add({ claim, leases: 0, isPlain: true });
      plain.set(kind, number);
      return number;
    }
    const number = this.#add({ claim, leases: 0, isPlain: false });
    if (claim.share !== undefined) {
      this.#shares.set(claim.share, [...this.shared(claim.share), number]);
    }
    return number;
  }

  /**
   * The number of the claim of a stored lease. Those who shared one share it again, though one of
   * them was stored before it grew.
   */
  reopen(claim: SeatClaim): number {
    for (const number of claim.share === undefined ? [] : this.shared(claim.share)) {
      const { parts } = this.get(number);
      if (startsWith(parts, claim.parts)) return number;
      if (!startsWith(claim.parts, parts)) continue;
      const more = claim.parts.slice(parts.length);
      this.grow(number, { parts: more, overdraft: claim.overdraft }, 'recall');
      return number;
    }
    return this.open(claim);
  }

  #add(entry: Entry): number {
    const number = this.#free.pop() ?? this.#entries.length;
    this.#entries[number] = entry;
    return number;
  }

  /** The claims that go by this share: more than one when a license does not cover all wishes. */
  shared(share: string): readonly number[] {
    return this.#shares.get(share) ?? [];
  }

  get(number: number): SeatClaim {
    return this.#entry(number).claim;
  }

  /** How many leases are of a claim. */
  leasesOf(number: number): number {
    return this.#entry(number).leases;
  }

  /** Whether every lease of the claim has a seat of its own. */
  isPlain(number: number): boolean {
    return this.#entry(number).isPlain;
  }

  /** Seats that rules count under a key. */
  tally(key: string): number {
    return this.#tallies.get(key) ?? 0;
  }

  /** Seats that rules count under each key of reservations. */
  *reserved(): Iterable<readonly [key: string, seats: number]> {
    for (const key of this.#reserved) yield [key, this.tally(key)];
  }

  /** Every key that rules count seats under, with the seats. */
  tallies(): Iterable<readonly [key: string, seats: number]> {
    return this.#tallies;
  }

  /** Counts seats under these keys that are no lease's here, or fewer of them. */
  tallyMore(keys: readonly string[], seats: number): void {
    for (const key of keys) this.#addTally(key, seats);
  }

  /** One more lease is of this claim. */
  join(number: number, counting: Counting): void {
    const entry = this.#entry(number);
    if (entry.isPlain || entry.leases === 0) this.#count(entry.claim.parts, counting);
    if (entry.leases === 0) this.#addTallies(entry.claim, 1);
    entry.leases++;
  }

  /** Adds seats to a claim that is shared, for one of those who share it wants more. */
  grow(
    number: number,
    more: Pick<SeatClaim, 'parts' | 'overdraft'>,
    counting: Counting = 'lend',
  ): void {
    const entry = this.#entry(number);
    assert(!entry.isPlain && entry.leases > 0, 'only a shared claim can grow');
    this.#count(more.parts, counting);
    this.#addTallies(entry.claim, -1);
    const overdraft = entry.claim.overdraft || more.overdraft;
    entry.claim = { ...entry.claim, parts: [...entry.claim.parts, ...more.parts], overdraft };
    this.#addTallies(entry.claim, 1);
  }

  /**
   * Counts a lease of this claim by other rules: the number of the claim that it is of from now on.
   * No seat is taken or given back. Those who share a claim are counted together, so it stays theirs.
   */
  retally(number: number, tallies: readonly string[]): number {
    const { claim } = this.#entry(number);
    return isSame(claim.tallies, tallies) ? number : this.#change(number, { ...claim, tallies });
  }

  /** Nobody who shares the claim of a lease is there, or comes: the number of the one that it is of now. */
  putAway(number: number, isAway: boolean): number {
    const { claim } = this.#entry(number);
    return (claim.isAway ?? false) === isAway ? number : this.#change(number, { ...claim, isAway });
  }

  /** The number of the claim of a lease, and of who shares it, that counts as this one from now on. */
  #change(number: number, changed: SeatClaim): number {
    const entry = this.#entry(number);
    const { claim } = entry;
    if (claim.share !== undefined) {
      this.#addTallies(claim, -1);
      entry.claim = changed;
      this.#addTallies(entry.claim, 1);
      return number;
    }
    const next = this.open(changed);
    const heir = this.#entry(next);
    if (heir.leases++ === 0) this.#addTallies(heir.claim, 1);
    if (--entry.leases === 0) {
      this.#addTallies(claim, -1);
      this.#remove(number, entry);
    }
    return next;
  }

  /** A claim of one lease is shared by nobody who comes later. */
  keepApart(number: number): void {
    const entry = this.#entry(number);
    const { share } = entry.claim;
    assert(entry.leases === 1, 'a claim of others is kept apart');
    if (share === undefined) return;
    this.#unshare(share, number);
    entry.claim = { ...entry.claim, share: undefined };
  }

  /** One lease less is of this claim. */
  leave(number: number): void {
    const entry = this.#entry(number);
    entry.leases--;
    if (entry.isPlain || entry.leases === 0) {
      for (const { pool, seats } of entry.claim.parts) pool.giveBack(seats);
    }
    if (entry.leases > 0) return;
    this.#addTallies(entry.claim, -1);
    this.#remove(number, entry);
  }

  #remove(number: number, { claim, isPlain }: Entry): void {
    if (isPlain) return;
    if (claim.share !== undefined) this.#unshare(claim.share, number);
    this.#entries[number] = undefined;
    this.#free.push(number);
  }

  #unshare(share: string, number: number): void {
    const left = this.shared(share).filter((other) => other !== number);
    if (left.length === 0) this.#shares.delete(share);
    else this.#shares.set(share, left);
  }

  #count(parts: readonly ClaimPart[], counting: Counting): void {
    for (const { pool, seats } of parts) {
      if (counting === 'lend') pool.take(seats);
      else pool.recall(seats);
    }
  }

  #addTallies(claim: SeatClaim, sign: 1 | -1): void {
    const { tallies, isAway } = claim;
    if (tallies.length === 0) return;
    const counted = isAway === true ? tallies.filter((key) => !isReservedKey(key)) : tallies;
    this.tallyMore(counted, sign * weightOf(claim));
  }

  #addTally(key: string, seats: number): void {
    const tally = this.tally(key) + seats;
    if (tally === 0) {
      this.#tallies.delete(key);
      this.#reserved.delete(key);
    } else {
      this.#tallies.set(key, tally);
      if (isReservedKey(key)) this.#reserved.add(key);
    }
  }

  /** Copies of all that is counted, for those who watch over promises. */
  seen(): {
    readonly claims: ReadonlyMap<number, ClaimSeen>;
    readonly tallies: ReadonlyMap<string, number>;
  } {
    const claims = new Map<number, ClaimSeen>();
    for (const [number, entry] of this.#entries.entries()) {
      if (entry === undefined) continue;
      const { claim, leases, isPlain } = entry;
      claims.set(number, { ...claim, leases, isPlain });
    }
    return { claims, tallies: new Map(this.#tallies) };
  }

  #entry(number: number): Entry {
    const entry = this.#entries[number];
    assert(entry !== undefined, 'no claim of this number');
    return entry;
  }
}

/** Whether a list of parts begins with another. */
const startsWith = (parts: readonly ClaimPart[], start: readonly ClaimPart[]): boolean =>
  start.every(({ pool, seats }, i) => parts[i]?.pool === pool && parts[i]?.seats === seats);

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, i) => key === other[i]);

const plainPoolOf = ({ parts, share, tallies, isAway }: SeatClaim): SeatPool | undefined => {
  const [part] = parts;
  const isAlike = share === undefined && tallies.length === 0 && isAway !== true;
  const isPlain = isAlike && parts.length === 1 && part?.seats === 1;
  return isPlain ? part.pool : undefined;
};
