/** The transaction that moves leases of the dead: their seats, and the shares of limits that count them. */

import type { Block } from './block.ts';
import type { Blocks } from './blocks.ts';
import { encodeMoved, type MovedRecord } from './moved-record.ts';
import type { RegisterAsk, Revision } from './register.ts';
import { moveSeats } from './share-plan.ts';
import { encodeShares } from './share-record.ts';
import { joinedKey, type MemberId } from './site-keys.ts';

/** Leases, and blocks, that one transaction moves: the register bounds those. */
const BATCH_MAX = 40;

/** A lease that is to be moved. */
export interface Wanted {
  readonly member: MemberId;
  readonly key: string;
  readonly record: MovedRecord;
}

export interface MoveParts {
  readonly me: MemberId;
  readonly blocks: Pick<Blocks, 'limits'>;
}

export interface Move {
  readonly ask: RegisterAsk;
  /** What it changes, and the revisions that it was made of. */
  readonly made: ReadonlyMap<Block, Revision>;
}

/** As many of them as one transaction moves; `undefined` where none can be. */
export const moveAsk = (
  { me, blocks }: MoveParts,
  pool: Block,
  all: readonly Wanted[],
  fence: Revision,
): Move | undefined => {
  const limitOf = (key: string) => blocks.limits.blockOf(key);
  const batch = fitting(pool, all, limitOf);
  if (batch.length === 0) return undefined;
  const dead = new Set(batch.map(({ member }) => member));
  const taken = takenBy(pool, batch, limitOf);
  const moved = [...taken].map(([block, seats]) => {
    return { block, shares: block.shares && moveSeats(block.shares, me, seats) };
  });
  const writes = moved.flatMap(({ block: { key }, shares }) =>
    shares === undefined ? [] : [{ key, value: encodeShares(shares) }],
  );
  if (writes.length < moved.length) return undefined;
  const ask = {
    compares: [
      ...moved.map(({ block: { key, revision } }) => ({ key, revision })),
      { key: joinedKey(me), revision: fence },
      // Only the dead can have lent them.
      ...[...dead].map((member) => ({ key: joinedKey(member), revision: 0 })),
      // Nobody else has taken them over.
      ...batch.map(({ key }) => ({ key, revision: 0 })),
    ],
    writes: [...writes, ...batch.map(({ key, record }) => ({ key, value: encodeMoved(record) }))],
    reads: [...pool.reads, ...moved.map(({ block: { key } }) => ({ prefix: key, since: 0 }))],
  };
  return { ask, made: new Map(moved.map(({ block }) => [block, block.revision])) };
};

/** Seats of each of the dead, by the block that they are taken of. */
type Taken = ReadonlyMap<Block, ReadonlyMap<MemberId, number>>;

const takenBy = (pool: Block, batch: readonly Wanted[], limitOf: (key: string) => Block): Taken => {
  const taken = new Map<Block, Map<MemberId, number>>();
  for (const { member, record } of batch) {
    for (const block of [pool, ...record.limits.map(limitOf)]) {
      const seats = taken.get(block) ?? new Map<MemberId, number>();
      taken.set(block, seats.set(member, (seats.get(member) ?? 0) + record.seats));
    }
  }
  return taken;
};

/** The first of those whose seats the dead have. */
const fitting = (
  pool: Block,
  all: readonly Wanted[],
  limitOf: (key: string) => Block,
): readonly Wanted[] => {
  const batch: Wanted[] = [];
  for (const one of all) {
    const taken = takenBy(pool, [...batch, one], limitOf);
    if (batch.length + taken.size > BATCH_MAX) break;
    const isThere = [...taken].every(([block, seats]) =>
      [...seats].every(([member, count]) => block.seatsOf(member) >= count),
    );
    if (isThere) batch.push(one);
  }
  return batch;
};
