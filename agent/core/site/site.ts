/**
 * This agent as a member of a site: keeps its leases in the register alive, knows who else is there,
 * and sees to it that it has the seats that are asked for here. What it lends it lends by itself, from
 * its blocks, like any agent; the register is asked beside that.
 */

import { hexToBytes } from '../../../protocol/bytes.ts';
import { KEY_SIZE, SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import type { Request, SeatWish } from '../../../protocol/requests.ts';
import {
  after,
  type Instant,
  instant,
  type Moment,
  type Seconds, millis } from '../../../protocol/units.ts';
import type { DeadlineHeap } from '../deadline-heap.ts';
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
import { Moves } from './moves.ts';
import { SeatTickets } from './seat-tickets.ts';
import {
  beatKey,
  deadKey,
  joinedKey,
  MOVED_PREFIX,
  type MemberId,
  poolKey,
  SECRET_KEY,
} from './site-keys.ts';
import { BEAT, GRACE } from './site-times.ts';
import { type Silent, Witness } from './witness.ts';

/** Longer than it takes to find a member dead. */
const ADOPTION_PATIENCE = millis(4000);

export interface SiteParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  readonly blocks: Blocks;
  readonly version: string;
  readonly preferences: Preferences;
  readonly reach: Reach;
  readonly shelf: LicenseShelf;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly lending: Lending;
  readonly waiting: WaitingRoom;
  readonly primitives: Primitives;
  readonly deadlines: DeadlineHeap;
  /** 32 secret random bytes: the site's, should nobody have made one. */
  readonly secret: Uint8Array;
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
  readonly #tickets: SeatTickets;
  readonly #moves: Moves;
  #isSharing = false;
  #moved: readonly string[] = [];
  readonly #witness = new Witness();
  #beatAt: Instant = instant(Number.MIN_SAFE_INTEGER);
  /** Shares have changed, and pools are to be counted anew. */
  #isNews = false;
  /** Somebody has come for whom a seat is to be found. */
  #isEager = false;
  /** Leases that are over are to be struck before anything else is done. */
  #hasJoined = false;
  #wasIn = false;

  constructor(parts: SiteParts) {
    const { me, calls, sessions } = parts;
    this.#parts = parts;
    this.#parking = new Parking(sessions);
    this.#tickets = new SeatTickets(parts.primitives);
    this.#moves = new Moves(parts);
    this.#membership = new Membership({
      me,
      calls,
      card: (longest) => this.#card(longest),
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
    if (this.#parts.book.holds(slot)) return false;
    const adoption = this.#adopts(slot, request, hearing);
    if (adoption !== undefined) return adoption;
    if (request.wait) return false;
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

  /**
   * Whether an acquire with the ticket of another member's seat waits: for that member's death, or
   * for the seat to be moved. `undefined`: it is an acquire like any other, by now.
   */
  #adopts(slot: number, request: Acquire, hearing: Hearing): boolean | undefined {
    const { me, sessions, blocks, shelf } = this.#parts;
    const clientKey = sessions.clientKey(slot);
    const shown = request.ticket && this.#tickets.read(request.ticket, clientKey);
    const { fence } = this.#membership;
    if (shown === undefined || shown.member === me || fence === undefined) return undefined;
    const state = this.#moves.stateOf(shown, clientKey);
    if (state === 'made' || state === 'over') return undefined;
    const pool = [...shelf.pools()].find((one) => shown.isOf(poolKey(one.licenseId, one.class)));
    const block = pool && blocks.blockOf(pool);
    if (block === undefined || block.seatsOf(shown.member) < shown.seats) return undefined;
    if (!this.#parking.hold(slot, request, hearing, ADOPTION_PATIENCE)) return undefined;
    if (state === undefined && !this.#witness.members.has(shown.member)) {
      this.#moves.make(shown, clientKey.slice(), block, fence, (entries) => {
        blocks.learn(entries, false);
        this.#isNews = true;
      });
    }
    return true;
  }

  /** A seat was granted: one that was taken over is counted for longer at first. */
  granted(slot: number, request: Acquire): void {
    const { sessions, deadlines } = this.#parts;
    const clientKey = sessions.clientKey(slot);
    const shown = request.ticket && this.#tickets.read(request.ticket, clientKey);
    if (shown === undefined || this.#moves.stateOf(shown, clientKey) === undefined) return;
    this.#moves.forget(shown, clientKey);
    deadlines.set(slot, after(deadlines.deadline(slot), GRACE));
  }

  /** What the client of a lease shows to another member, where it can be taken over by itself. */
  ticketOf(slot: number): Uint8Array | undefined {
    const { me, book, sessions } = this.#parts;
    const { parts, share, overdraft } = book.claim(slot);
    const [part] = parts;
    if (part === undefined || parts.length > 1 || part.seats === 0) return undefined;
    if (share !== undefined || overdraft) return undefined;
    const { licenseId, class: className } = part.pool.counting;
    const requestId = book.requestId(slot);
    const seat = { member: me, poolKey: poolKey(licenseId, className), seats: part.seats, requestId };
    return this.#tickets.make(seat, sessions.clientKey(slot));
  }

  #learnSecret(entries: Reading['entries']): void {
    const { calls, secret } = this.#parts;
    const known = entries.find(({ key }) => key === SECRET_KEY);
    if (known !== undefined) return this.#tickets.learn(known.value);
    if (this.#isSharing) return;
    this.#isSharing = true;
    const compares = [{ key: SECRET_KEY, revision: 0 }];
    const ask = { compares, writes: [{ key: SECRET_KEY, value: secret }], reads: [] };
    // The next beat reads whose it is.
    calls.ask(ask, () => {
      this.#isSharing = false;
    });
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
    this.#learnSecret(entries);
    if (isAll) this.#moved = entries.flatMap(({ key }) => (key.startsWith(MOVED_PREFIX) ? key : []));
    // Who waits for a member's death may have waited long enough.
    this.#isNews ||= this.#parking.size > 0;
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
    const { blocks, shelf, book, sessions } = this.#parts;
    for (const key of this.#moved) {
      const [, , client = '', requestId] = key.split('/');
      const slot = sessions.find(hexToBytes(client) ?? new Uint8Array(KEY_SIZE));
      if (slot < 0 || !book.holds(slot) || book.requestId(slot) !== Number(requestId)) continue;
      counter.takeBack(slot, 'seat-lapsed', at, effects);
    }
    this.#moved = [];
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
