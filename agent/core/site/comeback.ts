/** What a member ends of its leases that has come back to its site: others have had its seats meanwhile. */

import { newestFirst } from '../children/shrinking.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import { isUnseated } from '../seats/named-seat.ts';
import { weightOf } from '../seats/seat-claims.ts';
import { type SeatNoteParts, seatNote } from '../seats/seat-note.ts';
import type { Situation } from '../situation.ts';
import type { Blocks } from './blocks.ts';
import type { Counter } from './counter.ts';
import type { Limits } from './limits.ts';
import type { MovedSeats } from './moved-seats.ts';

export interface ComebackParts extends SeatNoteParts {
  readonly moved: Pick<MovedSeats, 'away'>;
  readonly shelf: LicenseShelf;
  readonly blocks: Pick<Blocks, 'limits' | 'named'>;
}

/**
 * Leases that others have taken over meanwhile. Where a share has gone otherwise there are too many
 * leases for it: they end softly, for none was renewed since it went.
 */
export const strikeMoved = (
  { moved }: Pick<ComebackParts, 'moved'>,
  { at, effects }: Situation,
  counter: Counter,
): void => {
  for (const slot of moved.away()) counter.takeBack(slot, 'seat-lapsed', at, effects);
};

/**
 * Leases beyond what this member may count under a limit, and those of users by name who are not
 * written down to have theirs here any more: they end softly, too.
 */
export const endOver = (
  parts: ComebackParts,
  { at, effects }: Situation,
  counter: Counter,
): void => {
  for (const slot of [...endOverLimits(parts.book, parts.blocks.limits), ...endUnseated(parts)]) {
    effects.push({ kind: 'note', note: seatNote(parts, 'seat-ending', slot) });
    counter.announceEnding(slot, at, effects);
  }
};

/** Marks them, newest first; the slots that were marked now. */
const endOverLimits = (book: LeaseBook, limits: Pick<Limits, 'surplus'>): readonly number[] => {
  const left = new Map<string, number>();
  const marked: number[] = [];
  for (const slot of newestFirst(book)) {
    const claim = book.claim(slot);
    const over = claim.tallies.filter((key) => {
      const surplus = left.get(key) ?? limits.surplus(key);
      left.set(key, surplus);
      return surplus > 0;
    });
    if (over.length === 0) continue;
    for (const key of over) {
      // Seats of a shared claim come back when the last who shares it has ended.
      if (claim.share === undefined) left.set(key, (left.get(key) ?? 0) - weightOf(claim));
    }
    if (book.ending(slot) !== undefined) continue;
    book.end(slot, 'seats-reduced');
    marked.push(slot);
  }
  return marked;
};

/** Marks them; the slots that were marked now. */
const endUnseated = ({ book, shelf, blocks }: ComebackParts): readonly number[] => {
  const unseated = [...book.slots()].filter(
    (slot) => book.ending(slot) === undefined && isUnseated(blocks.named, { book, shelf }, slot),
  );
  for (const slot of unseated) book.end(slot, 'seats-reduced');
  return unseated;
};
