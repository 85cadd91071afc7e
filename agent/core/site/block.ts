/** One total of the site's, as this member knows it: who has which share, and what it may lend itself. */

import type { RegisterRead, Revision } from './register.ts';
import { lendableOf } from './share-plan.ts';
import type { Share } from './share-record.ts';
import { type MemberId, MOVED_PREFIX } from './site-keys.ts';

/** How much of the pace of lending is remembered from beat to beat. */
const FLOW_KEPT = 0.9;
/** Below that pace nothing was lent for some ten seconds. */
const QUIET = 0.15;
/** The part of a pool that all members together like to have free. */
const SPARE_PART = 8;

interface Floor {
  readonly revision: Revision;
  readonly seats: number;
}

/** What has a total that may not be passed, as it is counted here: a pool, or what a rule limits. */
export interface Counted {
  /** What all members together may lend. */
  readonly total: number;
  /** What is lent here. */
  readonly lent: number;
  /** How much was ever asked for here: how fast it goes. */
  readonly taken: number;
}

export class Block {
  readonly key: string;
  /** `undefined` while nothing here needs it: the license was removed, or the rule. */
  counted: Counted | undefined;
  /** At which it was written last; 0: it is not there. */
  #revision: Revision = 0;
  /** It is known how it was then. */
  #known: Revision = 0;
  #shares: readonly Share[] | undefined = [];
  /** At a revision, the fewest seats that a change would leave which may be made yet, or has been. */
  #floor: Floor | undefined;
  /** The same of the change that is under way. */
  #asked: Floor | undefined;
  /** At a revision, the most seats that a change would leave which was asked for by it. */
  #ceiling: Floor | undefined;
  #taken = 0;
  #flow = 0;

  constructor(key: string) {
    this.key = key;
  }

  get revision(): Revision {
    return this.#revision;
  }

  /** `undefined`: what the register has is of a version that cannot be read here. */
  get shares(): readonly Share[] | undefined {
    return this.#shares;
  }

  /** Takes in what the register has; `true` where it is news. */
  learn(revision: Revision, shares: readonly Share[] | undefined): boolean {
    if (revision <= this.#known) return false;
    this.#known = revision;
    this.#revision = revision;
    this.#shares = shares;
    return true;
  }

  /** What is known of it, and asked, is of another register. */
  forget(): void {
    this.#revision = 0;
    this.#known = 0;
    this.#shares = [];
    this.#floor = undefined;
    this.#asked = undefined;
    this.#ceiling = undefined;
  }

  /** At this revision the register had nothing of it; `true` where that is news. */
  learnAbsent(revision: Revision): boolean {
    if (revision <= this.#known) return false;
    const isNews = this.#revision > 0;
    this.#known = revision;
    this.#revision = 0;
    this.#shares = [];
    // Whatever may be done yet only makes it anew.
    this.#floor = undefined;
    return isNews;
  }

  /** Nobody has or wants anything of it. */
  get isEmpty(): boolean {
    return this.#shares?.length === 0;
  }

  /** Whether anybody wants some of it who has not got it. */
  get isWanted(): boolean {
    return this.#shares?.some(({ wanted }) => wanted > 0) === true;
  }

  /** Reads it together with what was moved since: no seat of a moved lease counts as free. */
  get reads(): readonly RegisterRead[] {
    return [
      { prefix: this.key, since: 0 },
      { prefix: MOVED_PREFIX, since: this.#known + 1 },
    ];
  }

  get isAsking(): boolean {
    return this.#asked !== undefined;
  }

  /** A change that leaves `seats` is asked for, by the revision that is known. */
  asks(seats: number): void {
    this.#asked = { revision: this.#revision, seats };
    this.#ceiling = { revision: this.#revision, seats: Math.max(seats, this.#ceilingNow) };
  }

  /** What came of it. `isUnknown`: nobody knows, until there is another revision. */
  answered(isUnknown: boolean): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (!isUnknown || asked === undefined || asked.revision !== this.#revision) return;
    this.#floor = { ...asked, seats: Math.min(asked.seats, this.#seatsBy(this.#floor)) };
  }

  /** A change that was asked for may be made yet: any other one puts an end to that. */
  get isDoubtful(): boolean {
    return this.#floor?.revision === this.#revision;
  }

  #seatsBy(floor: Floor | undefined): number {
    return floor?.revision === this.#revision ? floor.seats : Number.POSITIVE_INFINITY;
  }

  /** Seats of its own share, whatever it may lend of them. */
  seatsOf(member: MemberId): number {
    return this.#shares?.find((share) => share.member === member)?.seats ?? 0;
  }

  /** The most that the register may have as its share, as far as is known. */
  mostOf(me: MemberId): number {
    return Math.max(this.seatsOf(me), this.#ceilingNow);
  }

  get #ceilingNow(): number {
    return this.#ceiling?.revision === this.#revision ? this.#ceiling.seats : 0;
  }

  /** What may be lent here of `total` seats of the license. */
  lendable(me: MemberId, total: number): number {
    const most = lendableOf(this.#shares ?? [], me, total);
    return Math.min(most, this.#seatsBy(this.#floor), this.#seatsBy(this.#asked));
  }

  /** Counts how fast seats are lent. To be called once a beat. */
  beat(): void {
    const taken = this.counted?.taken ?? 0;
    this.#flow = Math.max(taken - this.#taken, this.#flow * FLOW_KEPT);
    this.#taken = taken;
  }

  get isQuiet(): boolean {
    return this.#flow < QUIET;
  }

  /** Free seats that it likes to have: what is lent in two beats, and a part that all have. */
  spare(total: number, members: number): number {
    return Math.max(
      Math.ceil(total / (SPARE_PART * Math.max(1, members))),
      Math.ceil(2 * this.#flow),
    );
  }
}
