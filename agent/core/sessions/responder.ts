/** Hands an opened request of a session to whoever does what it asks. */

import { PIECE_MAX } from '../../../protocol/limits.ts';
import type { Request } from '../../../protocol/requests.ts';
import { unreachable } from '../../../protocol/result.ts';
import { after } from '../../../protocol/units.ts';
import type { Counters } from '../counters.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { DrawCounter } from '../meters/draw-counter.ts';
import type { ResourceListing } from '../resources/resource-listing.ts';
import type { BorrowCounter } from '../seats/borrow-counter.ts';
import { type RecountParts, recountOne } from '../seats/recount.ts';
import type { SeatCounter } from '../seats/seat-counter.ts';
import type { WaitingRoom } from '../seats/waiting-room.ts';
import type { Site } from '../site/site.ts';
import type { DeadlineHeap } from '../tables/deadline-heap.ts';
import { SESSION_IDLE } from './session-table.ts';
import { type Hearing, refusal, type Speaker } from './speaker.ts';

export interface ResponderParts extends RecountParts {
  readonly shelf: LicenseShelf;
  readonly deadlines: DeadlineHeap;
  readonly waiting: WaitingRoom;
  readonly seats: SeatCounter;
  readonly borrowing: BorrowCounter;
  readonly drawing: DrawCounter;
  readonly listing: ResourceListing;
  readonly speaker: Speaker;
  readonly counters: Counters;
  readonly site: Pick<Site, 'isSilentTo'> | undefined;
}

export class Responder {
  readonly #parts: ResponderParts;

  constructor(parts: ResponderParts) {
    this.#parts = parts;
  }

  /** Handles an opened request of a known session. */
  perform(
    slot: number,
    opened: { readonly id: number; readonly request: Request | undefined },
    hearing: Hearing,
  ): void {
    const { sessions, book, deadlines, waiting, speaker, site, counters } = this.#parts;
    if (!sessions.isAt(slot, hearing.from)) {
      const known = sessions.endpoint(slot);
      sessions.setEndpoint(slot, hearing.from);
      // Rules may count addresses, and after a restart that of a lease is only known now.
      const isElsewhere = known?.address !== hearing.from.address;
      if (isElsewhere && book.holds(slot)) recountOne(this.#parts, slot);
    }
    if (!book.holds(slot) && !waiting.holds(slot)) {
      deadlines.set(slot, after(hearing.at.mono, SESSION_IDLE));
    }
    const { id, request } = opened;
    if (request === undefined) return speaker.reply(slot, refusal(id, 'bad-request'), hearing);
    if (site?.isSilentTo(slot, request, hearing.at) === true)
      return counters.add('dropped cut-off');
    this.#dispatch(slot, request, hearing);
  }

  #dispatch(slot: number, request: Request, hearing: Hearing): void {
    const { seats, borrowing, drawing, listing } = this.#parts;
    switch (request.kind) {
      case 'renew':
        return seats.renew(slot, request.id, request.idle, hearing);
      case 'acquire':
        return seats.acquire(slot, request, hearing);
      case 'release':
        return seats.release(slot, request, hearing);
      case 'document':
        return this.#document(slot, request, hearing);
      case 'probe':
        return seats.probe(slot, request.id, request.wish, hearing);
      case 'resources':
        return listing.answer(slot, request, hearing);
      case 'draw':
        return drawing.draw(slot, request, hearing);
      case 'borrow':
        return borrowing.borrow(slot, request, hearing);
      default:
        return unreachable(request);
    }
  }

  #document(slot: number, request: Extract<Request, { kind: 'document' }>, hearing: Hearing): void {
    const { shelf, speaker } = this.#parts;
    const { id, hash, offset } = request;
    const document = shelf.proof(hash);
    if (document === undefined || offset >= document.length) {
      return speaker.reply(slot, refusal(id, 'no-document'), hearing);
    }
    const bytes = document.subarray(offset, offset + PIECE_MAX);
    speaker.reply(slot, { kind: 'piece', id, total: document.length, offset, bytes }, hearing);
  }
}
