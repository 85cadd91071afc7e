/** What the log says of a seat. */

import { leaseId } from '../../protocol/ids.ts';
import { assert } from '../../protocol/result.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Note } from './notes.ts';
import type { SessionTable } from './session-table.ts';

type SeatNote = Extract<Note, { readonly lease: unknown }>;

interface SeatNoteParts {
  readonly book: LeaseBook;
  readonly sessions: SessionTable;
}

/** The note on the lease in a slot, as it is now. */
export const seatNote = (
  { book, sessions }: SeatNoteParts,
  kind: SeatNote['kind'],
  slot: number,
): SeatNote => {
  const { parts, overdraft } = book.claim(slot);
  const license = parts[0]?.pool.counting.licenseId;
  assert(license !== undefined, 'a lease of no seat');
  const { holder } = book.read(slot);
  return { kind, lease: leaseId(sessions.clientKey(slot)), license, holder, overdraft };
};
