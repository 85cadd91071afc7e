/** Does what an opened request asks and says the result, sealed, to the session it came from. */

import { equalBytes } from '../../protocol/bytes.ts';
import { type Endpoint, isSameEndpoint } from '../../protocol/endpoint.ts';
import { PIECE_MAX } from '../../protocol/limits.ts';
import { buildNonce, buildReply } from '../../protocol/packet.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { Request } from '../../protocol/requests.ts';
import { unreachable } from '../../protocol/result.ts';
import { after, type Instant, type Moment } from '../../protocol/units.ts';
import type { CommitQueue, Held } from './commit-queue.ts';
import type { Counters } from './counters.ts';
import type { DeadlineHeap } from './deadline-heap.ts';
import type { Effect } from './effects.ts';
import type { HostWatch } from './host-watch.ts';
import type { JudgedHost } from './judged-host.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Acquire, Lending } from './lending.ts';
import type { LicenseShelf } from './license-shelf.ts';
import { SESSION_IDLE, type SessionTable } from './session-table.ts';

/** One heard datagram on its way through. */
export interface Hearing {
  readonly from: Endpoint;
  /** No reply may be longer. */
  readonly size: number;
  readonly at: Moment;
  readonly host: JudgedHost;
  readonly effects: Effect[];
}

type Grant = Extract<Held, { kind: 'grant' }>;

/** An acquire that waits, and whose it was when it came. */
interface Waiting {
  readonly clientKey: Uint8Array;
  readonly request: Acquire;
  readonly hearing: Omit<Hearing, 'at' | 'host' | 'effects'>;
}

export interface ResponderParts {
  /** New whenever the agent starts. */
  readonly epoch: Uint8Array;
  readonly sessions: SessionTable;
  readonly book: LeaseBook;
  readonly shelf: LicenseShelf;
  readonly deadlines: DeadlineHeap;
  readonly lending: Lending;
  readonly commits: CommitQueue;
  readonly counters: Counters;
  readonly watch: HostWatch;
}

export const refusal = (id: number, code: RefusalCode, inUse = 0, seats = 0): Reply => ({
  kind: 'refused',
  id,
  code,
  inUse,
  seats,
});

export class Responder {
  readonly #parts: ResponderParts;
  /** Numbers the agent's datagrams: with the epoch, no nonce is used twice. */
  #sent = 0;
  /** Acquires that wait until the host has been looked at, the latest one of each session. */
  readonly #waiting = new Map<number, Waiting>();

  constructor(parts: ResponderParts) {
    this.#parts = parts;
  }

  /** Handles an opened request of a known session. */
  perform(
    slot: number,
    opened: { readonly id: number; readonly request: Request | undefined },
    hearing: Hearing,
  ): void {
    const { sessions, book, deadlines } = this.#parts;
    const known = sessions.endpoint(slot);
    if (known === undefined || !isSameEndpoint(known, hearing.from)) {
      sessions.setEndpoint(slot, hearing.from);
    }
    if (!book.holds(slot)) deadlines.set(slot, after(hearing.at.mono, SESSION_IDLE));
    const { id, request } = opened;
    if (request === undefined) {
      return this.reply(slot, refusal(id, 'bad-request'), hearing);
    }
    switch (request.kind) {
      case 'renew':
        return this.#renew(slot, request.id, hearing);
      case 'acquire':
        return this.#acquire(slot, request, hearing);
      case 'release':
        return this.#release(slot, request.id, hearing);
      case 'document':
        return this.#document(slot, request, hearing);
      case 'probe':
      case 'resources':
      case 'draw':
      case 'borrow':
        return this.reply(slot, refusal(id, 'bad-request'), hearing);
      default:
        return unreachable(request);
    }
  }

  #renew(slot: number, id: number, hearing: Hearing): void {
    const decision = this.#parts.lending.renew(slot, hearing.at);
    if (decision.kind === 'renewed') {
      this.#parts.counters.add('renewed');
      return this.reply(slot, { kind: 'renewed', id, term: decision.term }, hearing);
    }
    this.#parts.counters.add(`refused ${decision.code}`);
    this.reply(slot, refusal(id, decision.code), hearing);
  }

  #acquire(slot: number, request: Acquire, hearing: Hearing): void {
    const { book, sessions, lending, commits, counters, watch } = this.#parts;
    const { from, size, at, host, effects } = hearing;
    if (request.id > sessions.lastId(slot) && !watch.isFresh(at.mono)) {
      return this.#wait(slot, request, hearing);
    }
    const decision = lending.acquire(slot, request, at, host);
    switch (decision.kind) {
      case 'granted': {
        const entry = book.entry(slot);
        const reply = { requestId: request.id, to: from, replyMax: size };
        const { write } = decision;
        const forget = [{ key: write.key, value: null }];
        effects.push(commits.commit([write], { kind: 'grant', slot, entry, ...reply }, forget));
        return;
      }
      case 'held':
        return this.reply(slot, this.#granted(slot, request.id), hearing);
      case 'nothing':
        return;
      case 'refused-again':
        return this.reply(slot, refusal(request.id, decision.code), hearing);
      case 'refused': {
        const { code, inUse, seats } = decision;
        const { product, holder } = request.wish;
        counters.add(`refused ${code}`);
        if (decision.write !== undefined) effects.push(commits.commit([decision.write]));
        effects.push({ kind: 'note', note: { kind: 'seat-refused', code, product, holder } });
        return this.reply(slot, refusal(request.id, code, inUse, seats), hearing);
      }
      default:
        return unreachable(decision);
    }
  }

  #wait(slot: number, request: Acquire, { from, size, effects }: Hearing): void {
    const clientKey = this.#parts.sessions.clientKey(slot).slice();
    this.#waiting.set(slot, { clientKey, request, hearing: { from, size } });
    this.#parts.watch.look(effects);
  }

  /** Decides on the acquires that have waited for the host to be looked at. */
  hostJudged(at: Moment, effects: Effect[]): void {
    const { sessions, watch } = this.#parts;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [slot, { clientKey, request, hearing }] of waiting) {
      if (!equalBytes(sessions.clientKey(slot), clientKey)) continue;
      this.#acquire(slot, request, { ...hearing, at, host: watch.host, effects });
    }
  }

  #granted(slot: number, id: number): Reply {
    const { book, shelf } = this.#parts;
    const pool = book.pool(slot);
    const shelved = shelf.get(pool.licenseId);
    if (shelved === undefined) {
      return refusal(id, 'license-removed');
    }
    return {
      kind: 'granted',
      id,
      term: book.term(slot),
      overdraft: false,
      parts: [{ document: shelved.hash, pool: shelved.pools.indexOf(pool), seats: 1 }],
    };
  }

  /** Speaks of a grant that is on the disk now, if its lease is still there to be spoken of. */
  speakGrant(held: Grant, now: Instant, effects: Effect[]): void {
    const { book, commits, lending, counters } = this.#parts;
    const { slot, entry, requestId, to, replyMax } = held;
    if (!book.holds(slot) || book.entry(slot) !== entry) return;
    const code = this.#refuseUnspoken(slot);
    if (code !== undefined) {
      effects.push(commits.commit([lending.withdraw(slot, code, now)]));
      return this.#send(slot, refusal(requestId, code), to, replyMax, effects);
    }
    book.markHeld(slot);
    counters.add('granted');
    const { licenseId, holder } = book.read(slot);
    effects.push({
      kind: 'note',
      note: { kind: 'seat-granted', lease: lending.leaseId(slot), license: licenseId, holder },
    });
    this.#send(slot, this.#granted(slot, requestId), to, replyMax, effects);
  }

  /** Why a seat that nobody has heard of yet is better not given: an administrator was quicker. */
  #refuseUnspoken(slot: number): RefusalCode | undefined {
    const { book, shelf } = this.#parts;
    const removed = shelf.get(book.pool(slot).licenseId) === undefined;
    return book.ending(slot) ?? (removed ? 'license-removed' : undefined);
  }

  /** Takes back a grant that could not be written, before anybody has heard of it. */
  withdrawGrant(held: Grant, now: Instant, effects: Effect[]): void {
    const { book, lending, counters } = this.#parts;
    const { slot, entry, requestId, to, replyMax } = held;
    if (!book.holds(slot) || book.entry(slot) !== entry) return;
    lending.withdraw(slot, 'store-failing', now);
    counters.add('refused store-failing');
    this.#send(slot, refusal(requestId, 'store-failing'), to, replyMax, effects);
  }

  #release(slot: number, id: number, hearing: Hearing): void {
    const { sessions, book, lending, commits, counters } = this.#parts;
    if (id > sessions.lastId(slot)) sessions.setLastId(slot, id);
    if (book.holds(slot) && id > book.requestId(slot)) {
      const { licenseId, holder } = book.read(slot);
      const lease = lending.leaseId(slot);
      const write = lending.giveBack(slot, hearing.at.mono);
      counters.add('released');
      hearing.effects.push(commits.commit([write]), {
        kind: 'note',
        note: { kind: 'seat-released', lease, license: licenseId, holder },
      });
    }
    // Said before it is on the disk: were it forgotten, the seat would only come back a term later.
    this.reply(slot, { kind: 'released', id }, hearing);
  }

  #document(slot: number, request: Extract<Request, { kind: 'document' }>, hearing: Hearing): void {
    const { id, hash, offset } = request;
    const document = this.#parts.shelf.byHash(hash)?.bytes;
    if (document === undefined || offset >= document.length) {
      return this.reply(slot, refusal(id, 'no-document'), hearing);
    }
    const bytes = document.subarray(offset, offset + PIECE_MAX);
    this.reply(slot, { kind: 'piece', id, total: document.length, offset, bytes }, hearing);
  }

  /** Tells a session, unasked, that its lease is ending; its release is the acknowledgement. */
  announceEnding(slot: number, effects: Effect[]): void {
    const { sessions, book } = this.#parts;
    const to = sessions.endpoint(slot);
    const code = book.ending(slot);
    if (to === undefined || code === undefined || !sessions.hasKeys(slot)) return;
    this.#send(slot, refusal(0, code), to, Number.POSITIVE_INFINITY, effects);
  }

  reply(slot: number, reply: Reply, hearing: Hearing): void {
    this.#send(slot, reply, hearing.from, hearing.size, hearing.effects);
  }

  #send(slot: number, reply: Reply, to: Endpoint, max: number, effects: Effect[]): void {
    const { sessions, epoch } = this.#parts;
    const nonce = buildNonce(epoch, ++this.#sent);
    const bytes = buildReply(sessions.tag(slot), nonce, reply, sessions.replyKey(slot));
    // Only a client that did not pad its request as specified meets this.
    if (bytes.length > max) return this.#parts.counters.add('dropped short-request');
    effects.push({ kind: 'send', to, bytes });
  }
}
