/** Where seats are borrowed: a lease becomes a long one, and its token is signed when that is durable. */

import { resourceMark, signBorrowToken } from '../../../protocol/borrow-token.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import { borrowDeadline } from '../../../protocol/lease-time.ts';
import type { License } from '../../../protocol/license.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { Request } from '../../../protocol/requests.ts';
import { epochSeconds, type Moment } from '../../../protocol/units.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { Counters } from '../counters.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { Preferences } from '../preferences.ts';
import type { ResourceRegister } from '../resources/resource-register.ts';
import { askerOf, type RuleBook, targetOfClaim } from '../rules/rule-book.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import { type Hearing, refusal, type Speaker } from '../sessions/speaker.ts';
import type { Site } from '../site/site.ts';
import type { DeadlineHeap } from '../tables/deadline-heap.ts';
import type { BorrowTerms, Taking } from './borrow-terms.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Borrowing } from './lease-record.ts';
import type { Lending } from './lending.ts';
import { isBeingRecalled } from './named-seat.ts';
import type { Renewing } from './renewing.ts';
import type { Roster } from './roster.ts';
import { weightOf } from './seat-claims.ts';
import { seatNote } from './seat-note.ts';

type Borrow = Extract<Request, { kind: 'borrow' }>;

/** How a lease is borrowed: not yet, or until another date, and from now on. */
interface Change {
  readonly before: Borrowing | undefined;
  readonly borrowing: Borrowing;
}

export interface BorrowCounterParts {
  readonly preferences: Preferences;
  readonly primitives: Primitives;
  /** The agent's X25519 keys, by which borrowers know it again. */
  readonly keys: KeyPair;
  /** The agent's Ed25519 keys. */
  readonly signingKeys: KeyPair;
  readonly book: LeaseBook;
  readonly shelf: LicenseShelf;
  readonly rules: RuleBook;
  readonly terms: BorrowTerms;
  readonly roster: Roster;
  readonly resources: ResourceRegister;
  readonly sessions: SessionTable;
  readonly deadlines: DeadlineHeap;
  readonly lending: Lending;
  readonly renewing: Renewing;
  readonly commits: CommitQueue;
  readonly counters: Counters;
  readonly speaker: Speaker;
  /** It counts what is borrowed of all its members. */
  readonly site: Pick<Site, 'loans'> | undefined;
}

export class BorrowCounter {
  readonly #parts: BorrowCounterParts;
  /** Leases, by entry, whose borrowing is being written: until then nothing is said of it. */
  readonly #writing = new Set<number>();

  constructor(parts: BorrowCounterParts) {
    this.#parts = parts;
  }

  borrow(slot: number, request: Borrow, hearing: Hearing): void {
    const { book, sessions, speaker } = this.#parts;
    const { id } = request;
    if (id < sessions.lastId(slot)) return;
    if (book.holds(slot) && this.#writing.has(book.entry(slot))) return;
    const before = book.holds(slot) ? book.borrowings.get(slot) : undefined;
    if (id === sessions.lastId(slot)) {
      // Asked again: its answer was lost, is on the way, or was a refusal.
      const code = sessions.lastRefusal(slot);
      if (code !== undefined) return speaker.reply(slot, refusal(id, code), hearing);
      if (before !== undefined && book.phase(slot) === 'held') this.#speak(slot, id, hearing);
      return;
    }
    sessions.setLastId(slot, id);
    const borrowing = this.#decide(slot, request, hearing.at);
    if (typeof borrowing === 'string') return this.#refuse(slot, id, borrowing, hearing);
    if (this.#parts.site === undefined) this.#commit(slot, id, { before, borrowing }, hearing);
    else this.#haveCounted(slot, request, { before, borrowing }, hearing);
  }

  /** The site counts the seat, whatever becomes of this agent; then it is borrowed. */
  #haveCounted(slot: number, request: Borrow, change: Change, hearing: Hearing): void {
    const { book, site, sessions } = this.#parts;
    const entry = book.entry(slot);
    const { id } = request;
    const { borrowing } = change;
    const isThere = (): boolean => book.holds(slot) && book.entry(slot) === entry;
    const refuse = (at: Moment): RefusalCode | undefined => {
      const decided = this.#decide(slot, request, at);
      return typeof decided === 'string' ? decided : undefined;
    };
    const settle = (
      code: RefusalCode | undefined,
      { effects, at, host }: Pick<Hearing, 'effects' | 'at' | 'host'>,
    ): void => {
      this.#writing.delete(entry);
      if (!isThere()) return;
      const now = { ...hearing, effects, at, host };
      if (code === undefined) return this.#commit(slot, id, change, now);
      if (sessions.lastId(slot) === id) this.#refuse(slot, id, code, now);
    };
    this.#writing.add(entry);
    site?.loans.lend(slot, { borrowing, refuse, settle }, hearing.at);
  }

  #decide(slot: number, { duration, hostCode }: Borrow, at: Moment): Borrowing | RefusalCode {
    const { book } = this.#parts;
    if (!book.holds(slot) || book.phase(slot) === 'writing') return 'not-held';
    const ending = book.ending(slot);
    if (ending !== undefined) return ending;
    if (isBeingRecalled(this.#parts, slot)) return 'recalled';
    const before = book.borrowings.get(slot);
    if (before !== undefined && !equalBytes(before.hostCode, hostCode)) return 'borrow-forbidden';
    const wanted = at.wall + duration;
    const seats = weightOf(book.claim(slot));
    const taking = { seats, wall: at.wall, until: wanted, isNew: before === undefined };
    const refused = this.#refuseLicenses(slot, taking) ?? this.#refuseRules(slot, taking);
    if (refused !== undefined) return refused;
    // An extension never shortens what a token out there says.
    const until = epochSeconds(Math.max(wanted, before?.until ?? 0));
    return { from: before?.from ?? at.wall, until, hostCode: hostCode.slice() };
  }

  #refuseLicenses(slot: number, taking: Taking): RefusalCode | undefined {
    const { book, shelf, terms, resources } = this.#parts;
    for (const { pool, seats } of book.claim(slot).parts) {
      // A license that only switches features on has no seat to take along.
      if (seats === 0) continue;
      const shelved = shelf.get(pool.counting.licenseId);
      if (shelved === undefined) return 'license-removed';
      const { id, resource } = shelved.license;
      // Removed since: a token that names none is believed for none.
      if (resource !== null && resources.resourceOf(id) === undefined) return 'no-resource';
      // Where there are fewer seats than are lent, what is out there ends in its time.
      if (!taking.isNew && pool.counting.surplus > 0) return 'seats-reduced';
      const refused = terms.refuseLicense(shelved, { ...taking, seats });
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  #refuseRules(slot: number, taking: Taking): RefusalCode | undefined {
    const { book, rules, sessions, terms } = this.#parts;
    const asker = askerOf(book.read(slot).holder, sessions.endpoint(slot)?.address ?? null);
    return terms.refuseRules(rules, asker, targetOfClaim(book.claim(slot)), taking);
  }

  #refuse(slot: number, id: number, code: RefusalCode, hearing: Hearing): void {
    const { sessions, counters, speaker } = this.#parts;
    sessions.setLastRefusal(slot, code);
    counters.add(`refused ${code}`);
    speaker.reply(slot, refusal(id, code), hearing);
  }

  /** The longer time counts from now on; the token is signed when it is on the disk. */
  #commit(slot: number, id: number, { before, borrowing }: Change, hearing: Hearing): void {
    const { book, deadlines, lending, renewing, commits, counters, sessions } = this.#parts;
    const entry = book.entry(slot);
    const isThere = (): boolean => book.holds(slot) && book.entry(slot) === entry;
    const onFailure = [lending.recordOf(slot)];
    book.setBorrowing(slot, borrowing);
    const deadline = borrowDeadline(hearing.at, borrowing);
    if (deadline > deadlines.deadline(slot)) deadlines.set(slot, deadline);
    this.#writing.add(entry);
    const settle = ({ effects, at, host }: Pick<Hearing, 'effects' | 'at' | 'host'>): void => {
      this.#writing.delete(entry);
      if (!isThere() || sessions.lastId(slot) !== id) return;
      counters.add('borrowed');
      effects.push({ kind: 'note', note: seatNote(this.#parts, 'seat-borrowed', slot) });
      this.#speak(slot, id, { ...hearing, effects, at, host });
    };
    const fail = ({ effects, at, host }: Pick<Hearing, 'effects' | 'at' | 'host'>): void => {
      this.#writing.delete(entry);
      if (!isThere()) return;
      book.setBorrowing(slot, before);
      renewing.resetDeadline(slot, at);
      this.#refuse(slot, id, 'store-failing', { ...hearing, effects, at, host });
    };
    const rare = { kind: 'rare', settle, fail } as const;
    hearing.effects.push(commits.commit([lending.recordOf(slot)], rare, onFailure));
  }

  #speak(slot: number, id: number, hearing: Hearing): void {
    const { book, shelf, sessions, keys, signingKeys, primitives, preferences, speaker } =
      this.#parts;
    const borrowing = book.borrowings.get(slot);
    if (borrowing === undefined) return;
    const parts = book.parts(slot);
    const shelved = parts.map(({ pool }) => shelf.get(pool.counting.licenseId));
    const spoken = parts.flatMap(({ pool, seats }, i) => {
      const one = shelved[i];
      if (one === undefined) return [];
      const index = one.license.pools.length === 0 ? null : one.pools.indexOf(pool.counting);
      return [{ document: one.proofHash, pool: index, seats }];
    });
    if (spoken.length < parts.length) {
      return speaker.reply(slot, refusal(id, 'license-removed'), hearing);
    }
    const token = signBorrowToken(
      {
        clientKey: sessions.clientKey(slot),
        product: parts[0]?.pool.product ?? '',
        resource: this.#resourceMark(shelved.map((one) => one?.license)),
        parts: spoken,
        hostCode: borrowing.hostCode,
        from: borrowing.from,
        until: borrowing.until,
        agentName: preferences.now.name,
        agentKey: keys.publicKey,
      },
      signingKeys,
      primitives,
    );
    speaker.reply(slot, { kind: 'borrowed', id, token }, hearing);
  }

  #resourceMark(licenses: readonly (License | undefined)[]): Uint8Array | null {
    const { resources, primitives } = this.#parts;
    for (const license of licenses) {
      const resource = license === undefined ? undefined : resources.resourceOf(license.id);
      if (resource !== undefined) return resourceMark(resource.name, primitives.sha512);
    }
    return null;
  }
}
