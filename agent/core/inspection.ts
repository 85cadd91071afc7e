/** What the tables hold, laid open for those who watch over promises. Nothing decides by it. */

import type { RefusalCode } from '../../protocol/refusal.ts';
import type { LeaseBook } from './lease-book.ts';
import type { ClaimSeen, SeatClaims } from './seat-claims.ts';
import type { SessionTable } from './session-table.ts';
import type { WaitQueue } from './wait-queue.ts';

export interface LeaseSeen {
  readonly slot: number;
  /** Tells it from an earlier lease of the same session. */
  readonly entry: number;
  /** A copy. */
  readonly clientKey: Uint8Array;
  /** The number of its claim. */
  readonly claim: number;
  readonly isHeld: boolean;
  readonly isBorrowed: boolean;
  readonly ending: RefusalCode | undefined;
}

export interface WaiterSeen {
  readonly slot: number;
  /** A copy. */
  readonly clientKey: Uint8Array;
  readonly group: string;
  readonly priority: number;
  readonly sequence: number;
  /** A limit of its own is why it has no turn. */
  readonly isYielding: boolean;
  /** The number of the claim that is kept for it, when it is its turn. */
  readonly claim: number | undefined;
}

export interface Inspection {
  readonly leases: readonly LeaseSeen[];
  /** In order. */
  readonly waiters: readonly WaiterSeen[];
  /** By number. */
  readonly claims: ReadonlyMap<number, ClaimSeen>;
  /** Seats that rules count, by key. */
  readonly tallies: ReadonlyMap<string, number>;
}

interface InspectedParts {
  readonly book: LeaseBook;
  readonly queue: WaitQueue<number>;
  readonly claims: SeatClaims;
  readonly sessions: SessionTable;
}

export const inspect = ({ book, queue, claims, sessions }: InspectedParts): Inspection => ({
  leases: [...book.slots()].map((slot) => ({
    slot,
    entry: book.entry(slot),
    clientKey: sessions.clientKey(slot).slice(),
    claim: book.claimNumber(slot),
    isHeld: book.phase(slot) === 'held',
    isBorrowed: book.borrowings.has(slot),
    ending: book.ending(slot),
  })),
  waiters: [...queue.inOrder()].map(({ slot, group, priority, sequence }) => ({
    slot,
    clientKey: sessions.clientKey(slot).slice(),
    group,
    priority,
    sequence,
    isYielding: queue.isYielding(slot),
    claim: queue.turn(slot),
  })),
  ...claims.seen(),
});
