/**
 * This agent as a member of a site: keeps its leases in the register alive, knows who else is there,
 * and sees to it that it has the seats that are asked for here. What it lends it lends by itself, from
 * its blocks, like any agent; the register is asked beside that.
 */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { Request, SeatWish } from '../../../protocol/requests.ts';
import {
  after,
  type Instant,
  instant,
  type Moment,
  type Seconds,
} from '../../../protocol/units.ts';
import type { ChildLedger } from '../child-ledger.ts';
import type { LeaseBook } from '../lease-book.ts';
import type { Acquire, Lending } from '../lending.ts';
import type { LicenseShelf } from '../license-shelf.ts';
import type { Preferences } from '../preferences.ts';
import type { Reach } from '../reach.ts';
import { poolsForClass, type SeatPool } from '../seat-pool.ts';
import type { SessionTable } from '../session-table.ts';
import type { Situation } from '../situation.ts';
import type { Hearing } from '../speaker.ts';
import type { WaitingRoom } from '../waiting-room.ts';
import type { Blocks } from './blocks.ts';
import { encodeCard } from './member-card.ts';
import { Membership, type Reading } from './membership.ts';
import { Parking } from './parking.ts';
import type { RegisterAnswer } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { beatKey, deadKey, joinedKey, type MemberId } from './site-keys.ts';
import { obstacleOf, type SiteObstacle } from './site-obstacle.ts';
import { BEAT } from './site-times.ts';
import { type Silent, Witness } from './witness.ts';

export interface SiteParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  readonly blocks: Blocks;
  readonly version: string;
  readonly preferences: Preferences;
  readonly reach: Reach;
  readonly shelf: LicenseShelf;
  readonly children: Pick<ChildLedger, 'size'>;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly lending: Lending;
  readonly waiting: WaitingRoom;
}

/** What a member does at the counter of seats. */
export interface Counter {
  acquire(slot: number, request: Acquire, hearing: Hearing): void;
  takeBack(slot: number, why: 'seat-lapsed', at: Moment, effects: Situation['effects']): void;
}

export class Site {
  readonly #parts: SiteParts;
  readonly #membership: Membership;
  readonly #parking: Parking;
  readonly #witness = new Witness();
  #beatAt: Instant = instant(Number.MIN_SAFE_INTEGER);
  /** Shares have changed, and pools are to be counted anew. */
  #isNews = false;
  /** Somebody has come for whom a seat is to be found. */
  #isEager = false;
  /** Leases that are over are to be struck before anything else is done. */
  #hasJoined = false;
  #wasIn = false;
  /** Why it may not join, and what of that was told. */
  #obstacle: SiteObstacle | undefined;
  #toldObstacle: SiteObstacle | undefined;

  constructor(parts: SiteParts) {
    const { me, calls, sessions } = parts;
    this.#parts = parts;
    this.#parking = new Parking(sessions);
    this.#membership = new Membership({
      me,
      calls,
      card: (longest) => this.#card(longest),
      mayJoin: (isKnown) => this.#mayJoin(isKnown),
      onRead: (reading, { at }) => this.#learn(reading, at),
      onLost: () => this.#lost(),
    });
  }

  /** Whether a request is met with silence, so that its client goes to another member. */
  isSilentTo({ kind }: Request, now: Instant): boolean {
    switch (kind) {
      case 'renew':
        return !this.#mayRenew(now);
      case 'acquire':
      case 'probe':
      case 'borrow':
      case 'draw':
        return !this.mayGrant(now);
      case 'release':
      case 'document':
      case 'resources':
        return false;
    }
  }

  /** What cannot be counted for the whole site yet is done by no member. */
  refuses({ kind }: Request): RefusalCode | undefined {
    if (kind === 'borrow') return 'site-borrow';
    return kind === 'draw' ? 'site-draw' : undefined;
  }

  /** Whether seats may be lent anew: nobody takes over meanwhile what was lent here. */
  mayGrant(now: Instant): boolean {
    return now < this.#membership.grantsUntil;
  }

  /** Whether what was lent may be renewed: nobody else lends its seats before that has ended. */
  #mayRenew(now: Instant): boolean {
    return now < this.#membership.renewsUntil;
  }

  get due(): Instant {
    const parked = this.#parking.due;
    return parked === undefined || parked > this.#beatAt ? this.#beatAt : parked;
  }

  /** Whether pools are to be counted anew since this was asked last. */
  takeNews(): boolean {
    const isNews = this.#isNews;
    this.#isNews = false;
    return isNews;
  }

  answered(number: number, answer: RegisterAnswer, situation: Situation, counter: Counter): void {
    this.#parts.calls.answered(number, answer, situation);
    if (!this.#hasJoined) return;
    this.#hasJoined = false;
    this.#strikeLost(situation, counter);
  }

  /** Does what is due, and has those decided on who have waited for a seat of another member's. */
  keep(situation: Situation, counter: Counter): void {
    const { at, effects } = situation;
    this.#membership.cover(this.#parts.blocks.longest);
    if (at.mono >= this.#beatAt) this.#beat(at);
    else if (this.#isEager) this.#plan(at);
    this.#isEager = false;
    this.#tell(situation);
    effects.push(...this.#parts.calls.takeAsked());
    // Decided on once more, each waits on or is told.
    const isDue = this.#parking.size > 0 && (this.#parking.due ?? at.mono) <= at.mono;
    if (isDue) this.retry(situation, counter);
  }

  /** Has those decided on who wait for a seat of another member's. */
  retry({ at, host, effects }: Situation, counter: Counter): void {
    for (const { slot, request, hearing } of this.#parking.take(at.mono)) {
      counter.acquire(slot, request, { ...hearing, at, host, effects });
    }
  }

  /** Whether an acquire waits for a moment: there is no seat for it here, and one may come. */
  postpones(slot: number, request: Acquire, hearing: Hearing): boolean {
    const { at, host } = hearing;
    if (request.wait || this.#parts.book.holds(slot)) return false;
    const allocation = this.#parts.lending.propose(slot, request.wish, at, host);
    const isDry = allocation.kind === 'refused' && allocation.code === 'no-seat';
    if (!isDry || !this.#mayCome(request.wish)) {
      this.#parking.leave(slot);
      return false;
    }
    const isNew = this.#parking.hold(slot, request, hearing);
    this.#isEager ||= isNew;
    return isNew;
  }

  #mayCome(wish: SeatWish): boolean {
    return this.#poolsOf(wish).some((pool) => pool.total > pool.granted);
  }

  #poolsOf({ product, class: className }: SeatWish): readonly SeatPool[] {
    return this.#parts.shelf
      .ofProduct(product)
      .flatMap((one) => poolsForClass(one.pools, className));
  }

  #beat(at: Moment): void {
    this.#beatAt = after(at.mono, BEAT);
    this.#membership.beat(at);
    this.#parts.blocks.beat();
    this.#plan(at);
    for (const silent of this.#witness.silent(this.#parts.me, at.mono)) this.#findDead(silent);
  }

  #mayJoin(isKnown: boolean): boolean {
    const { book, children } = this.#parts;
    this.#obstacle = obstacleOf(book, children, isKnown);
    return this.#obstacle === undefined;
  }

  /** From then on it can change nothing, and others may take over what it has lent. */
  #findDead({ member, card, compares }: Silent): void {
    const { calls, me } = this.#parts;
    const { fence } = this.#membership;
    if (fence === undefined) return;
    const ask = {
      compares: [...compares, { key: joinedKey(me), revision: fence }],
      writes: [
        { key: joinedKey(member), value: null },
        { key: beatKey(member), value: null },
        { key: deadKey(member), value: card },
      ],
      reads: [],
    };
    // Whatever comes of it, the next beat reads.
    calls.ask(ask, () => {});
  }

  #learn({ entries, isAll }: Reading, { mono }: Moment): void {
    this.#witness.learn(entries, mono);
    this.#isNews = this.#parts.blocks.learn(entries, isAll) || this.#isNews;
    this.#hasJoined = isAll;
    // Somebody may want what is idle here: it is given at once.
    this.#isEager ||= this.#isNews;
  }

  #lost(): void {
    this.#parts.blocks.forget();
    this.#isNews = true;
  }

  /** Seats whose share has gone meanwhile: nobody has believed in them before it went. */
  #strikeLost({ at, effects }: Situation, counter: Counter): void {
    const { blocks, shelf, book } = this.#parts;
    const over = new Set<SeatPool>();
    for (const pool of shelf.pools()) {
      if (pool.lent > blocks.shareOf(pool) && pool.total < SEATS_UNLIMITED) over.add(pool);
    }
    for (const slot of over.size === 0 ? [] : [...book.slots()]) {
      const isOver = book.parts(slot).some(({ pool }) => over.has(pool.counting));
      if (isOver) counter.takeBack(slot, 'seat-lapsed', at, effects);
    }
  }

  #plan({ mono }: Moment): void {
    const { blocks, shelf } = this.#parts;
    const { fence } = this.#membership;
    if (fence === undefined) return;
    const { members: alive } = this.#witness;
    const surroundings = { fence, alive, gone: this.#witness.gone(mono), demand: this.#demand() };
    blocks.plan(shelf.pools(), surroundings, (isNews) => {
      this.#isNews ||= isNews;
      this.#isEager ||= this.#parking.size > 0;
    });
  }

  /** Seats that are waited for, of each pool that could have them. */
  #demand(): ReadonlyMap<SeatPool, number> {
    const demand = new Map<SeatPool, number>();
    const wishes = this.#parking.wishes();
    const waiting = [...this.#parts.waiting.all()].flatMap(({ wish, turn }) => (turn ? [] : wish));
    for (const wish of [...wishes, ...waiting]) {
      for (const pool of this.#poolsOf(wish)) {
        demand.set(pool, (demand.get(pool) ?? 0) + wish.weight);
      }
    }
    return demand;
  }

  #tell({ at, effects }: Situation): void {
    if (this.#obstacle !== this.#toldObstacle) {
      this.#toldObstacle = this.#obstacle;
      if (this.#obstacle !== undefined)
        effects.push({ kind: 'note', note: { kind: 'site-obstacle', what: this.#obstacle } });
    }
    const isIn = this.mayGrant(at.mono);
    if (isIn === this.#wasIn) return;
    this.#wasIn = isIn;
    const kind = isIn ? 'site-joined' : 'site-cut-off';
    effects.push({ kind: 'note', note: { kind } });
  }

  #card(longest: Seconds): Uint8Array {
    const { preferences, version, reach } = this.#parts;
    const { port, addresses } = reach.view;
    return encodeCard({ name: preferences.now.name, version, port, addresses, longest });
  }
}
