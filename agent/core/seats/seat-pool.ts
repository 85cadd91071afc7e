/** The interchangeable seats of one class of one license, and how many are lent. */

import type { LicenseId } from '../../../protocol/ids.ts';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import { assert } from '../../../protocol/result.ts';

export class SeatPool {
  readonly licenseId: LicenseId;
  readonly product: string;
  readonly class: string;
  /** Seats that the license has now, for a whole site where there is one; zero while it is not on the shelf. */
  total = 0;
  /** Seats of them that are granted to this agent: all, but where a site shares them. */
  granted = 0;
  /** Seats beyond the count that the vendor tolerates. */
  overdraft = 0;
  /** Seats that are lent to children, or may be: they are not lent here. */
  allotted = 0;
  #lent = 0;
  #taken = 0;
  /** The pool of the license that took this one's place: what is lent here counts there. */
  #heir: SeatPool | undefined;

  constructor(licenseId: LicenseId, product: string, className: string) {
    this.licenseId = licenseId;
    this.product = product;
    this.class = className;
  }

  /** The pool in which this one's seats are counted: itself, until another takes its place. */
  get counting(): SeatPool {
    let pool: SeatPool = this;
    while (pool.#heir !== undefined) pool = pool.#heir;
    return pool;
  }

  /** Seats promised to somebody, even those of a license that has been removed since. */
  get lent(): number {
    return this.#lent;
  }

  /** How many seats were ever lent: how fast they go. */
  get taken(): number {
    return this.#taken;
  }

  /** The most that may ever be lent here at a time, as things are: other members of a site may give all. */
  get most(): number {
    return Math.max(0, this.total - this.allotted);
  }

  /** Seats that may be lent here: what is granted, without what is lent to children. */
  get licensed(): number {
    return Math.max(0, this.granted - this.allotted);
  }

  get free(): number {
    return Math.max(0, this.licensed - this.#lent);
  }

  /** Seats that can be lent beyond the count. */
  get tolerated(): number {
    return Math.max(0, this.licensed + this.overdraft - Math.max(this.#lent, this.licensed));
  }

  /** Seats lent beyond all that the license allows now: it had more when they were lent. */
  get surplus(): number {
    return Math.max(0, this.#lent - this.licensed - this.overdraft);
  }

  /** What its license grants from now on. */
  grant(seats: number, overdraft: number): void {
    this.total = seats;
    this.granted = seats;
    this.overdraft = overdraft;
  }

  /** Of what is granted a site gives this agent so many seats, and none beyond the count. */
  share(seats: number): void {
    this.granted = seats;
    this.overdraft = 0;
  }

  /** Lends seats. The caller has seen that they are free, or tolerated. */
  take(seats: number): void {
    assert(this.#heir === undefined, 'a seat was lent from a pool that another has replaced');
    assert(this.#lent + seats <= this.licensed + this.overdraft, 'a seat was lent beyond the pool');
    this.#lent += seats;
    this.#taken += seats;
  }

  /** Counts seats that were promised before a restart, whatever the license says today. */
  recall(seats: number): void {
    this.counting.#lent += seats;
  }

  giveBack(seats: number): void {
    const pool = this.counting;
    assert(pool.#lent >= seats, 'a seat came back that was not lent');
    pool.#lent -= seats;
  }

  /** From now on `heir` counts what is lent here. Does nothing in a circle. */
  hand(heir: SeatPool): void {
    if (this.#heir !== undefined || heir.counting === this) return;
    this.#heir = heir;
    heir.counting.#lent += this.#lent;
    this.#lent = 0;
  }
}

/** Those of a license that serve a request for a class, in the order of use: generic seats come last. */
export const poolsForClass = (
  pools: readonly SeatPool[],
  className: string | null,
): readonly SeatPool[] => {
  const named = pools.filter((pool) => pool.class === className);
  const generic = pools.filter((pool) => pool.class === GENERIC_CLASS);
  return className === GENERIC_CLASS ? generic : [...named, ...generic];
};
