/** How the register is asked to change one borrowed seat: its record, and the pools that it is of. */

import type { ClaimPart } from '../seats/seat-claims.ts';
import type { Block } from './block.ts';
import type { Blocks } from './blocks.ts';
import type { CoveredSeats } from './covered-seats.ts';
import { type KnownLoan, LOAN_READS, type LoanBook } from './loan-book.ts';
import { encodeLoan, type LoanRecord } from './loan-record.ts';
import type { RegisterAsk, Revision } from './register.ts';
import { moveSeats } from './share-plan.ts';
import { encodeShares, type Share } from './share-record.ts';
import { BORROWED, joinedKey, LOANS_KEY, type MemberId, poolKey } from './site-keys.ts';

export interface LoanChangeParts {
  readonly me: MemberId;
  readonly blocks: Pick<Blocks, 'blockAt'>;
  readonly loans: LoanBook;
  readonly covered: Pick<CoveredSeats, 'seatsOf'>;
}

export interface LoanChange {
  readonly key: string;
  readonly known: KnownLoan | undefined;
  readonly wanted: LoanRecord | null;
  /** Of this member's own key; 0 before it has joined: then seats are taken that nobody has. */
  readonly fence: Revision;
  /** The claim of its lease here. */
  readonly claim: readonly ClaimPart[];
  /** The lease's seats in the block are moved; `false`: others share them, so that free ones are. */
  readonly isApart: boolean;
  /** What is written down of reservations is changed with it. */
  readonly lowered: ReadonlyMap<Block, readonly Share[]>;
}

export interface LoanAsk {
  readonly ask: RegisterAsk;
  readonly blocks: readonly Block[];
}

const EMPTY = new Uint8Array(0);
/** Who has the seats of a pool that nobody has, for as long as they are counted with. */
const NOBODY: MemberId = '-';

/** What kills every change of a loan that was asked for before, should it not be made yet. */
export const touchAsk = (revision: Revision): RegisterAsk => ({
  compares: [{ key: LOANS_KEY, revision }],
  writes: [{ key: LOANS_KEY, value: EMPTY }],
  reads: LOAN_READS,
});

/** `wait`: its pools are being shared otherwise just now. `no-seat`: there are none to be moved. */
export const askFor = (
  parts: LoanChangeParts,
  change: LoanChange,
): LoanAsk | 'wait' | 'no-seat' => {
  const { me, loans } = parts;
  const { key, known, wanted, fence, lowered } = change;
  const planned = new Map(lowered);
  for (const [pool, seats] of movedSeats(known?.record, wanted)) {
    const block = parts.blocks.blockAt(pool);
    if (block.isAsking) return 'wait';
    const shares = block.shares && shiftSeats(parts, change, block, block.shares, seats);
    if (shares === undefined) return 'no-seat';
    planned.set(block, shares);
  }
  for (const [block, shares] of planned) {
    block.asks(shares.find(({ member }) => member === me)?.seats ?? 0);
  }
  const blocks = [...planned.keys()];
  const ask = {
    compares: [
      { key: LOANS_KEY, revision: loans.revision },
      { key, revision: known?.revision ?? 0 },
      { key: joinedKey(me), revision: fence },
      ...blocks.map((block) => ({ key: block.key, revision: block.revision })),
    ],
    writes: [
      { key: LOANS_KEY, value: EMPTY },
      { key, value: wanted && encodeLoan(wanted) },
      ...[...planned].map(([block, shares]) => ({ key: block.key, value: encodeShares(shares) })),
    ],
    reads: [...LOAN_READS, ...blocks.flatMap(({ reads }) => reads)],
  };
  return { ask, blocks };
};

/** How many more seats of each pool are borrowed. */
const movedSeats = (
  before: LoanRecord | undefined,
  after: LoanRecord | null,
): ReadonlyMap<string, number> => {
  const moved = new Map<string, number>();
  const count = (record: LoanRecord | null | undefined, sign: 1 | -1): void => {
    for (const { licenseId, class: className, seats } of record?.parts ?? []) {
      const pool = poolKey(licenseId, className);
      moved.set(pool, (moved.get(pool) ?? 0) + sign * seats);
    }
  };
  count(before, -1);
  count(after, 1);
  return new Map([...moved].filter(([, seats]) => seats !== 0));
};

/** The shares of a pool of which so many more seats are borrowed, or fewer. */
const shiftSeats = (
  { me, covered, loans }: LoanChangeParts,
  { fence, claim, isApart }: LoanChange,
  block: Block,
  shares: readonly Share[],
  seats: number,
): readonly Share[] | undefined => {
  const nobody = { member: NOBODY, seats: 0, wanted: 0, since: 0 };
  if (seats < 0) {
    const to = fence === 0 ? NOBODY : me;
    return withoutNobody(moveSeats([...shares, nobody], to, new Map([[BORROWED, -seats]])));
  }
  const part = claim.find(({ pool: { counting } }) => isOf(block, counting));
  if (part === undefined) return undefined;
  const pool = part.pool.counting;
  if (fence === 0) {
    const free = pool.total - shares.reduce((sum, share) => sum + share.seats, 0);
    const before = [...shares, { ...nobody, seats: Math.max(0, free) }];
    const own = loans.isAnew ? Math.min(block.seatsOf(me), seats) : 0;
    const left = [[me, own] as const, [NOBODY, seats - own] as const];
    const taken = new Map(left.filter(([, count]) => count > 0));
    return withoutNobody(moveSeats(before, BORROWED, taken));
  }
  const lent = isApart ? 0 : pool.lent - covered.seatsOf(pool);
  if (block.seatsOf(me) - lent < seats) return undefined;
  return moveSeats(shares, BORROWED, new Map([[me, seats]]));
};

const withoutNobody = (shares: readonly Share[] | undefined): readonly Share[] | undefined =>
  shares?.filter(({ member }) => member !== NOBODY);

const isOf = ({ key }: Block, { licenseId, class: className }: ClaimPart['pool']): boolean =>
  key === poolKey(licenseId, className);
