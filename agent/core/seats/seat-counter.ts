/** Where seats are asked for: acquires, renewals and releases, and what is said when they are true. */

import { equalBytes } from '../../../protocol/bytes.ts';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { Reply } from '../../../protocol/replies.ts';
import type { RequestOf, SeatWish } from '../../../protocol/requests.ts';
import { unreachable } from '../../../protocol/result.ts';
import type { Moment, Seconds } from '../../../protocol/units.ts';
import type { CommitQueue, Held } from '../commit-queue.ts';
import type { Counters } from '../counters.ts';
import type { Effect } from '../effects.ts';
import type { HostWatch } from '../host/host-watch.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import { grantedReply, licensesOf } from '../sessions/granted-reply.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import { type Hearing, refusal, type Speaker } from '../sessions/speaker.ts';
import type { Site } from '../site/site.ts';
import { type ChosenParts, refuseChosen } from './chosen-seat.ts';
import type { LeaseBook } from './lease-book.ts';
import { leaseStoreKey } from './lease-record.ts';
import type { Acquire, AcquireDecision, Lending } from './lending.ts';
import { isBeingRecalled } from './named-seat.ts';
import type { Renewing } from './renewing.ts';
import type { Roster } from './roster.ts';
import { seatNote } from './seat-note.ts';
import { UnjudgedAcquires } from './unjudged-acquires.ts';
import type { WaitingRoom } from './waiting-room.ts';

type Grant = Extract<Held, { kind: 'grant' }>;

export interface SeatCounterParts extends ChosenParts {
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly roster: Roster;
  readonly lending: Lending;
  readonly renewing: Renewing;
  readonly waiting: WaitingRoom;
  readonly commits: CommitQueue;
  readonly counters: Counters;
  readonly watch: HostWatch;
  readonly speaker: Speaker;
  readonly site: Pick<Site, 'postpones' | 'adoption' | 'loans'> | undefined;
}

export class SeatCounter {
  readonly #parts: SeatCounterParts;
  readonly #unjudged = new UnjudgedAcquires();

  constructor(parts: SeatCounterParts) {
    this.#parts = parts;
  }

  renew(slot: number, id: number, idle: Seconds, hearing: Hearing): void {
    const { renewing, counters, speaker, book } = this.#parts;
    const decision = renewing.renew(slot, idle, hearing.at);
    if (decision.kind !== 'refused') book.idleTimes.heard(slot, idle);
    switch (decision.kind) {
      case 'renewed':
        counters.add('renewed');
        return speaker.reply(slot, { kind: 'renewed', id, term: decision.term }, hearing);
      case 'ending': {
        const { term, code } = decision;
        counters.add(`ending ${code}`);
        return speaker.reply(slot, { kind: 'ending', id, term, code }, hearing);
      }
      case 'refused':
        counters.add(`refused ${decision.code}`);
        return speaker.reply(slot, refusal(id, decision.code), hearing);
      default:
        return unreachable(decision);
    }
  }

  acquire(slot: number, request: Acquire, hearing: Hearing): void {
    const { sessions, waiting, watch, speaker } = this.#parts;
    const isNew = request.id > sessions.lastId(slot);
    if (isNew && !watch.isFresh(hearing.at.mono)) return this.#look(slot, request, hearing);
    if (!isNew && waiting.holds(slot)) {
      // A waiter that asks again tells that it is still there.
      if (request.id !== sessions.lastId(slot)) return;
      return speaker.reply(slot, this.#queued(slot, request.id, hearing.at), hearing);
    }
    this.#decide(slot, request, hearing);
  }

  #decide(slot: number, request: Acquire, hearing: Hearing): void {
    const { lending, waiting, site, sessions, speaker } = this.#parts;
    const isNew = request.id > sessions.lastId(slot);
    const proposed = isNew ? site?.postpones(slot, request, hearing) : undefined;
    if (proposed === 'waits') return;
    const { at, host } = hearing;
    const moved = isNew ? site?.adoption.lift(slot, request) : undefined;
    const isCalled = waiting.takeTurn(slot, request.wish, at) || moved !== undefined;
    const decision = lending.acquire(slot, request, at, host, isCalled, proposed);
    if (moved !== undefined) site?.adoption.lower(moved, slot);
    if (decision.kind === 'refused') return this.#refused(slot, request, decision, hearing);
    waiting.leave(slot, at);
    switch (decision.kind) {
      case 'granted':
        return this.#commitGrant(slot, request, decision.writes, hearing);
      case 'held':
        return speaker.reply(slot, grantedReply(this.#parts, slot, request.id), hearing);
      case 'nothing':
        return;
      case 'refused-again':
        return speaker.reply(slot, refusal(request.id, decision.code), hearing);
      default:
        return unreachable(decision);
    }
  }

  #commitGrant(
    slot: number,
    request: Acquire,
    writes: Extract<AcquireDecision, { kind: 'granted' }>['writes'],
    { from, size, effects }: Hearing,
  ): void {
    const { book, commits, sessions } = this.#parts;
    const entry = book.entry(slot);
    const licenses = licensesOf(book.parts(slot));
    const { id: requestId, wish } = request;
    const reply = { licenses, resource: wish.resource, requestId, to: from, replyMax: size };
    const key = leaseStoreKey(sessions.clientKey(slot));
    // A trial that has begun with it has begun.
    const forget = [{ key, value: null }, ...writes.filter((write) => write.key !== key)];
    effects.push(commits.commit(writes, { kind: 'grant', slot, entry, ...reply }, forget));
  }

  #refused(
    slot: number,
    request: Acquire,
    decision: Extract<AcquireDecision, { kind: 'refused' }>,
    hearing: Hearing,
  ): void {
    const { commits, waiting, speaker } = this.#parts;
    const { code, counts, write } = decision;
    const { at, effects } = hearing;
    if (write !== undefined) effects.push(commits.commit([write]));
    if (request.wait && waiting.admits(code)) {
      const isNew = !waiting.holds(slot);
      if (waiting.enter(slot, request, decision, at)) {
        if (isNew) this.#noteWaiting(request.wish, effects);
        return speaker.reply(slot, this.#queued(slot, request.id, at), hearing);
      }
      return this.#refuse(slot, request, 'queue-full', counts, hearing);
    }
    waiting.leave(slot, at);
    this.#refuse(slot, request, code, counts, hearing);
  }

  #refuse(
    slot: number,
    { id, wish }: Acquire,
    code: RefusalCode,
    counts: Extract<AcquireDecision, { kind: 'refused' }>['counts'],
    { from, size, effects }: Hearing,
  ): void {
    const { counters, speaker, sessions } = this.#parts;
    counters.add(`refused ${code}`);
    sessions.setLastRefusal(slot, code);
    const { product, holder } = wish;
    const asked = { product, class: wish.class ?? GENERIC_CLASS };
    effects.push({ kind: 'note', note: { kind: 'seat-refused', code, ...asked, holder } });
    speaker.send(slot, refusal(id, code, counts), from, size, effects);
  }

  #noteWaiting(wish: SeatWish, effects: Effect[]): void {
    const { product, holder } = wish;
    this.#parts.counters.add('queued');
    const asked = { product, class: wish.class ?? GENERIC_CLASS };
    effects.push({ kind: 'note', note: { kind: 'seat-awaited', ...asked, holder } });
  }

  #queued(slot: number, id: number, at: Moment): Reply {
    return { kind: 'queued', id, ...this.#parts.waiting.place(slot, at) };
  }

  #look(slot: number, request: Acquire, { from, size, effects }: Hearing): void {
    const { sessions, counters, watch } = this.#parts;
    const clientKey = sessions.clientKey(slot).slice();
    const waits = this.#unjudged.add(slot, { clientKey, request, hearing: { from, size } });
    if (!waits) return counters.add('dropped too-many');
    watch.look(effects);
  }

  /** Decides on the acquires that have waited for the host to be looked at. */
  hostJudged(at: Moment, effects: Effect[]): void {
    const { sessions, watch } = this.#parts;
    for (const [slot, { clientKey, request, hearing }] of this.#unjudged.takeAll()) {
      if (!equalBytes(sessions.clientKey(slot), clientKey)) continue;
      this.acquire(slot, request, { ...hearing, at, host: watch.host, effects });
    }
  }

  /** Tells an acquire what it would be answered. */
  probe(slot: number, id: number, wish: SeatWish, hearing: Hearing): void {
    const { lending, speaker } = this.#parts;
    const allocation = lending.propose(slot, wish, hearing.at, hearing.host);
    const { counts } = allocation;
    if (allocation.kind === 'refused') {
      return speaker.reply(slot, refusal(id, allocation.code, counts), hearing);
    }
    const taken = allocation.kind === 'claim' ? allocation.claim : allocation.more;
    const overdraft = taken?.overdraft ?? false;
    speaker.reply(slot, { kind: 'free', id, ...counts, overdraft }, hearing);
  }

  /** Gives turns to waiters for whom there are seats now. */
  callWaiters(at: Moment, host: JudgedHost, effects: Effect[]): void {
    const { waiting, sessions, speaker, counters } = this.#parts;
    for (const called of waiting.call(at, host)) {
      const { slot } = called;
      const id = sessions.lastId(slot);
      if (called.kind === 'turn') speaker.tell(slot, this.#queued(slot, id, at), effects);
      else {
        counters.add(`refused ${called.code}`);
        speaker.tell(slot, refusal(id, called.code), effects);
      }
    }
  }

  /** Speaks of a grant that is on the disk now, if its lease is still there to be spoken of. */
  speakGrant(held: Grant, at: Moment, effects: Effect[]): void {
    const { book, commits, lending, counters, speaker } = this.#parts;
    const { slot, entry, requestId, to, replyMax } = held;
    if (!book.holds(slot) || book.entry(slot) !== entry) return;
    const reply = grantedReply(this.#parts, slot, requestId);
    const code =
      book.ending(slot) ??
      (isBeingRecalled(this.#parts, slot) ? 'recalled' : undefined) ??
      (reply.kind === 'refused' ? reply.code : undefined) ??
      refuseChosen(this.#parts, book.parts(slot), held);
    // Why a seat that nobody has heard of yet is better not given: an administrator was quicker.
    if (code !== undefined) {
      effects.push(commits.commit([lending.withdraw(slot, code, at.mono)]));
      return speaker.send(slot, refusal(requestId, code), to, replyMax, effects);
    }
    book.markHeld(slot);
    counters.add('granted');
    if (book.claim(slot).overdraft) counters.add('overdraft');
    effects.push({ kind: 'note', note: seatNote(this.#parts, 'seat-granted', slot) });
    speaker.send(slot, reply, to, replyMax, effects);
  }

  /** Takes back a grant that could not be written, before anybody has heard of it. */
  withdrawGrant(held: Grant, at: Moment, effects: Effect[]): void {
    const { book, commits, lending, counters, speaker } = this.#parts;
    const { slot, entry, requestId, to, replyMax } = held;
    if (!book.holds(slot) || book.entry(slot) !== entry) return;
    const forget = lending.withdraw(slot, 'store-failing', at.mono);
    // An ending of it that is on its way would leave a record of a seat that nobody has.
    if (commits.concerns(forget.key)) effects.push(commits.commit([forget]));
    counters.add('refused store-failing');
    speaker.send(slot, refusal(requestId, 'store-failing'), to, replyMax, effects);
  }

  release(slot: number, request: RequestOf<'release'>, hearing: Hearing): void {
    const { id } = request;
    const { site } = this.#parts;
    const isAway = site?.loans.returns(slot, request, hearing.at, ({ at, host, effects }) =>
      this.#release(slot, id, { ...hearing, at, host, effects }),
    );
    if (isAway !== true) this.#release(slot, id, hearing);
  }

  #release(slot: number, id: number, hearing: Hearing): void {
    const { sessions, book, waiting, speaker } = this.#parts;
    if (id > sessions.lastId(slot)) {
      sessions.setLastId(slot, id);
      waiting.leave(slot, hearing.at);
    }
    if (book.holds(slot) && id > book.requestId(slot)) {
      this.takeBack(slot, 'seat-released', hearing.at, hearing.effects);
    }
    // Said before it is on the disk: were it forgotten, the seat would only come back a term later.
    speaker.reply(slot, { kind: 'released', id }, hearing);
  }

  /** A lease is over: its seat comes back, and the store and the log learn of it. */
  takeBack(slot: number, why: SeatEnd, at: Moment, effects: Effect[]): void {
    const { lending, commits, counters } = this.#parts;
    const note = seatNote(this.#parts, why, slot);
    effects.push(commits.commit([lending.giveBack(slot, at.mono)]), { kind: 'note', note });
    counters.add(why.slice('seat-'.length));
  }

  /** Tells a session, unasked, that its lease is ending; its release is the acknowledgement. */
  announceEnding(slot: number, at: Moment, effects: Effect[]): void {
    const { book, renewing, speaker } = this.#parts;
    const code = book.ending(slot);
    if (code === undefined) return;
    if (code !== 'seats-reduced') return speaker.tell(slot, refusal(0, code), effects);
    const term = renewing.remaining(slot, at);
    speaker.tell(slot, { kind: 'ending', id: 0, term, code }, effects);
  }
}

/** How a lease can be over. */
export type SeatEnd = 'seat-released' | 'seat-lapsed' | 'seat-disconnected' | 'seat-recalled';
