/**
 * Leases of the dead that go on here: whoever shows the ticket of one waits until its member is found
 * dead, and then for its seat to be moved. The transaction that moves seats from the dead member's
 * share to this one's writes down whose they are: each lease is taken over once. Then it is granted
 * like any other (why nobody else has its seat meanwhile: moved-seats.ts).
 */

import type { Primitives } from '../../../protocol/primitives.ts';
import type { Takeover } from '../../../protocol/replies.ts';
import { type Instant, seconds } from '../../../protocol/units.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import { askerOf, type RuleBook, targetOf } from '../rules/rule-book.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { Acquire } from '../seats/lending.ts';
import type { SeatPool } from '../seats/seat-pool.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { Block } from './block.ts';
import type { Blocks } from './blocks.ts';
import { type Move, moveAsk, type Wanted } from './move-ask.ts';
import { encodeMoved, MOVED_LIMITS_MAX, type MovedRecord, movedKey } from './moved-record.ts';
import type { MovedSeats } from './moved-seats.ts';
import type { RegisterAnswer, RegisterEntry, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { SeatTickets } from './seat-tickets.ts';
import { joinedKey, type MemberId, poolKey, SECRET_KEY } from './site-keys.ts';
import type { Witness } from './witness.ts';

/** Renewals a second that clients are told to send, more or less: the more there are, the later each. */
const RENEWALS_MAX = 2000;
/** Moved leases that the register has at a time; who comes then asks for a seat like anybody. */
const MOVED_MAX = 4000;

export interface AdoptionParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  readonly blocks: Blocks;
  readonly moved: MovedSeats;
  readonly shelf: LicenseShelf;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly rules: RuleBook;
  readonly primitives: Primitives;
}

/** What an acquire shows by its ticket. */
interface Shown {
  readonly member: MemberId;
  readonly seats: number;
  /** `undefined`: it is not here. */
  readonly pool: SeatPool | undefined;
  /** Of the move that would bring its lease here. */
  readonly key: string;
}

export class Adoption {
  readonly #parts: AdoptionParts;
  readonly #tickets: SeatTickets;
  readonly #wanted = new Map<Block, Map<string, Wanted>>();
  /** Leases that were moved here, by the acquires that their clients show their tickets by now. */
  readonly #renamed = new Map<
    string,
    { readonly revision: Revision; readonly record: MovedRecord }
  >();
  readonly #asked = new Set<string>();
  /** Records of moves that are over, by their revisions, until they are struck. */
  readonly #over = new Map<string, Revision>();
  readonly #shown = new WeakMap<Acquire, Shown>();
  /** Of which a move is under way, or of no use before the next beat. */
  readonly #busy = new Set<Block>();
  readonly #vain = new Set<Block>();
  /** Each grant tells its pool's. */
  readonly #marks = new WeakMap<SeatPool, Uint8Array>();

  constructor(parts: AdoptionParts) {
    this.#parts = parts;
    this.#tickets = new SeatTickets(parts.me, parts.primitives);
  }

  /** Takes in the site's secret. */
  learnSecret(entries: readonly RegisterEntry[]): void {
    const known = entries.find(({ key }) => key === SECRET_KEY);
    if (known !== undefined) this.#tickets.learn(known.value);
  }

  /** How a lease goes on at another member, where it can be taken over by itself. */
  takeoverOf(slot: number): Takeover | undefined {
    const { book, sessions } = this.#parts;
    const { share, overdraft } = book.claim(slot);
    const parts = book.parts(slot);
    const [part] = parts;
    if (part === undefined || parts.length > 1 || part.seats === 0) return undefined;
    if (share !== undefined || overdraft) return undefined;
    const pool = this.#markOf(part.pool.counting);
    const seat = { pool, seats: part.seats, requestId: book.requestId(slot) };
    const ticket = this.#tickets.make(seat, sessions.clientKey(slot));
    if (ticket === undefined) return undefined;
    return { ticket, within: seconds(Math.ceil(book.size / RENEWALS_MAX)) };
  }

  #markOf(pool: SeatPool): Uint8Array {
    const known = this.#marks.get(pool);
    if (known !== undefined) return known;
    const mark = this.#tickets.markOf(keyOf(pool));
    this.#marks.set(pool, mark);
    return mark;
  }

  /** Whether an acquire shows the ticket of a lease that may yet be moved here. */
  awaits(slot: number, request: Acquire, witness: Witness): boolean {
    const { me, blocks, moved } = this.#parts;
    const shown = this.#shownBy(slot, request);
    if (shown === undefined || shown.member === me || shown.pool === undefined) return false;
    const { member, seats, key, pool } = shown;
    const here = moved.waiting(key);
    if (here !== undefined) return this.#rename(key, here, request.id);
    if (moved.get(key) !== undefined || moved.size >= MOVED_MAX) return false;
    const block = blocks.blockOf(pool);
    if (block.seatsOf(member) < seats) return false;
    if (witness.members.has(member)) return true;
    const longest = witness.longestOfDead(member);
    // Who lends for shorter is given up sooner itself.
    if (longest === undefined || longest > blocks.longest) return false;
    const limits = this.#limitsOf(slot, request, shown);
    const moves = { adopter: me, poolKey: keyOf(pool), seats, requestId: request.id };
    const record = { ...moves, longest, limits };
    const wanted = this.#wanted.get(block) ?? new Map<string, Wanted>();
    this.#wanted.set(block, wanted.set(key, { member, key, record }));
    return true;
  }

  /** The limits that its seats count under, as far as the dead one has counted them. */
  #limitsOf(slot: number, { wish }: Acquire, { member, seats }: Shown): readonly string[] {
    const { rules, sessions, blocks } = this.#parts;
    const address = sessions.endpoint(slot)?.address ?? null;
    return rules.current
      .limits(askerOf(wish.holder, address), targetOf(wish))
      .map(({ key }) => key)
      .filter((key) => blocks.limits.blockOf(key).seatsOf(member) >= seats)
      .slice(0, MOVED_LIMITS_MAX);
  }

  /** It waits here for an acquire that its client has given up: the register is told of the new one. */
  #rename(key: string, here: MovedRecord & { readonly revision: Revision }, id: number): boolean {
    const { revision, ...record } = here;
    const isAsked = this.#asked.has(key);
    if (!isAsked) this.#renamed.set(key, { revision, record: { ...record, requestId: id } });
    this.#asked.add(key);
    return true;
  }

  /** Read once: who waits is decided on again and again. */
  #shownBy(slot: number, request: Acquire): Shown | undefined {
    if (request.ticket === undefined) return undefined;
    const known = this.#shown.get(request);
    if (known?.pool !== undefined) return known;
    const { shelf, sessions } = this.#parts;
    const clientKey = sessions.clientKey(slot);
    const seat = this.#tickets.read(request.ticket, clientKey);
    if (seat === undefined) return undefined;
    const pool = [...shelf.pools()].find((one) => seat.isOf(keyOf(one)));
    const { member, seats } = seat;
    const shown = { member, seats, pool, key: movedKey({ ...seat, clientKey }) };
    this.#shown.set(request, shown);
    return shown;
  }

  /** Whether the lease that an acquire shows was moved here, for it to take. */
  isHere(slot: number, request: Acquire): boolean {
    const key = this.#keyShown(slot, request);
    return key !== undefined && this.#parts.moved.waits(key, request.id);
  }

  /** Its seats may be lent to it: by what name they are lowered. */
  lift(slot: number, request: Acquire): string | undefined {
    const key = this.#keyShown(slot, request);
    return key !== undefined && this.#parts.moved.lift(key) ? key : undefined;
  }

  /** Its client was decided on, then they are lowered. */
  lower(moved: string, slot: number): void {
    this.#parts.moved.lower(moved, slot);
  }

  #keyShown(slot: number, request: Acquire): string | undefined {
    return this.#parts.moved.size === 0 ? undefined : this.#shownBy(slot, request)?.key;
  }

  /**
   * Whether seats are like any other by now: they were moved so long ago that nobody believes elsewhere.
   * Every member strikes them: whoever took them over counts anew after a start, and would withhold
   * seats again that have gone on to another, when the record of that is struck.
   */
  end(now: Instant): boolean {
    const over = this.#parts.moved.end(now);
    for (const { key, revision } of over) this.#over.set(key, revision);
    if (over.length > 0) this.#strike();
    return over.length > 0;
  }

  /** Strikes what is over from the register, and again until that has answered: it would be read anew. */
  #strike(): void {
    for (const [key, revision] of this.#over) {
      const ask = { compares: [{ key, revision }], writes: [{ key, value: null }], reads: [] };
      this.#parts.calls.ask(ask, (answer) => {
        if (answer.kind !== 'silent') this.#over.delete(key);
      });
    }
  }

  /** To be called once a beat: what was of no use may be by now. */
  beat(): void {
    this.#vain.clear();
    this.#strike();
    this.#asked.clear();
  }

  /** The register is another one: what was moved in the one before ends by itself. */
  forgetAll(): void {
    this.#wanted.clear();
    this.#renamed.clear();
    this.#over.clear();
    this.#busy.clear();
  }

  /** Asks for the leases that are awaited. `onAnswer`: they are to be decided on once more. */
  ask(fence: Revision, onAnswer: () => void): void {
    this.#askRenamed(fence, onAnswer);
    for (const [block, wanted] of this.#wanted) {
      if (this.#busy.has(block) || this.#vain.has(block)) continue;
      this.#wanted.delete(block);
      const move = moveAsk(this.#parts, block, [...wanted.values()], fence);
      if (move === undefined) continue;
      this.#busy.add(block);
      this.#parts.calls.ask(move.ask, (answer, { at }) => {
        this.#busy.delete(block);
        if (!this.#isOfUse(move, answer, at.mono)) this.#vain.add(block);
        onAnswer();
      });
    }
  }

  #askRenamed(fence: Revision, onAnswer: () => void): void {
    const { me, calls, blocks } = this.#parts;
    for (const [key, { revision, record }] of this.#renamed) {
      const ask = {
        compares: [
          { key, revision },
          { key: joinedKey(me), revision: fence },
        ],
        writes: [{ key, value: encodeMoved(record) }],
        reads: [{ prefix: key, since: 0 }],
      };
      calls.ask(ask, (answer, { at }) => {
        if (answer.kind === 'transacted') blocks.learn(answer, false, at.mono);
        onAnswer();
      });
    }
    this.#renamed.clear();
  }

  /**
   * Whether there is any use in asking once more at once. That others were faster may have been heard
   * of by another answer already: this one is no news then.
   */
  #isOfUse({ made }: Move, answer: RegisterAnswer, now: Instant): boolean {
    if (answer.kind !== 'transacted') return false;
    const isNews = this.#parts.blocks.learn(answer, false, now);
    const isOther = [...made].some(([block, revision]) => block.revision !== revision);
    return isNews || isOther || answer.isDone;
  }
}

const keyOf = ({ licenseId, class: className }: SeatPool): string => poolKey(licenseId, className);
