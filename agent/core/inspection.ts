/** What the tables hold, laid open for those who watch over promises. Nothing decides by it. */

import type { Holder } from '../../protocol/holder.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { EpochSeconds, Instant } from '../../protocol/units.ts';
import type { LeaseBook } from './seats/lease-book.ts';
import type { AssignedUser, Roster } from './seats/roster.ts';
import type { ClaimSeen, SeatClaims } from './seats/seat-claims.ts';
import type { WaitQueue } from './seats/wait-queue.ts';
import type { SessionTable } from './sessions/session-table.ts';
import type { DeadlineHeap } from './tables/deadline-heap.ts';

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
  readonly holder: Holder;
  readonly granted: EpochSeconds;
  /** Where its client was heard last, since the agent started. */
  readonly address: string | null;
  /** By the agent's clock; `undefined` when the heap does not know it. */
  readonly deadline: Instant | undefined;
}

export interface WaiterSeen {
  readonly slot: number;
  /** A copy. */
  readonly clientKey: Uint8Array;
  readonly group: string;
  readonly priority: number;
  readonly sequence: number;
  readonly address: string | null;
  /** A limit of its own is why it has no turn. */
  readonly isYielding: boolean;
  /** Licenses that could lend to it, were there seats. */
  readonly licenses: readonly LicenseId[];
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
  /** Named users, each list in the order of assignment. */
  readonly users: readonly AssignedUser[];
}

interface InspectedParts {
  readonly book: LeaseBook;
  readonly queue: WaitQueue<number>;
  readonly claims: SeatClaims;
  readonly sessions: SessionTable;
  readonly deadlines: DeadlineHeap;
  readonly roster: Roster;
}

export const inspect = (parts: InspectedParts): Inspection => {
  const { book, queue, claims, sessions, roster } = parts;
  return {
    leases: [...book.slots()].map((slot) => inspectLease(parts, slot)),
    waiters: [...queue.inOrder()].map(({ slot, group, priority, sequence }) => ({
      slot,
      clientKey: sessions.clientKey(slot).slice(),
      group,
      priority,
      sequence,
      address: sessions.endpoint(slot)?.address ?? null,
      isYielding: queue.lackOf(slot).isOwn,
      licenses: queue.lackOf(slot).licenses,
      claim: queue.turn(slot),
    })),
    ...claims.seen(),
    users: [...roster.list()],
  };
};

const inspectLease = ({ book, sessions, deadlines }: InspectedParts, slot: number): LeaseSeen => ({
  slot,
  entry: book.entry(slot),
  clientKey: sessions.clientKey(slot).slice(),
  claim: book.claimNumber(slot),
  isHeld: book.phase(slot) === 'held',
  isBorrowed: book.borrowings.has(slot),
  ending: book.ending(slot),
  holder: book.read(slot).holder,
  granted: book.granted(slot),
  address: sessions.endpoint(slot)?.address ?? null,
  deadline: deadlines.has(slot) ? deadlines.deadline(slot) : undefined,
});
