/** Which shares of a site's could serve whom. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import { askerOf, type RuleBook, targetOf } from '../rules/rule-book.ts';
import type { Limit } from '../rules/rules.ts';
import { namedWishOf } from '../seats/named-seat.ts';
import type { SeatClaims } from '../seats/seat-claims.ts';
import { poolsForClass, type SeatPool } from '../seats/seat-pool.ts';
import type { WaitingRoom } from '../seats/waiting-room.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { Blocks, Demand } from './blocks.ts';
import { type NamedNeedsParts, namedNeeds } from './named-needs.ts';

export interface DemandParts extends NamedNeedsParts {
  readonly rules: RuleBook;
  readonly claims: Pick<SeatClaims, 'tally'>;
  readonly sessions: Pick<SessionTable, 'endpoint'>;
  readonly blocks: Pick<Blocks, 'limits' | 'named'>;
}

/** Somebody who waits, for what, and the licenses that could lend it, were there seats. */
export interface Waiting {
  readonly slot: number;
  readonly wish: SeatWish;
  readonly licenses: readonly LicenseId[];
}

/** Whether what an acquire was refused for, by this code, may come from other members. */
export const mayCome = (
  parts: DemandParts,
  asked: Pick<Waiting, 'slot' | 'wish'>,
  { code, licenses }: { readonly code: string; readonly licenses: readonly LicenseId[] },
): boolean => {
  const { wish } = asked;
  if (code === 'limit-reached') {
    const { claims } = parts;
    const lacking = lackingLimits(parts, asked);
    return lacking.every(({ key, most }) => claims.tally(key) + wish.weight <= most);
  }
  if (code !== 'no-seat' && code !== 'reserved') return false;
  if (isNamed(parts, wish) && !parts.blocks.named.admits(namedWishOf(wish))) return true;
  return poolsOf(parts.shelf, { wish, licenses }).some((pool) => pool.total > pool.granted);
};

const isNamed = ({ shelf }: DemandParts, { product }: SeatWish): boolean =>
  shelf.ofProduct(product).some(({ license }) => license.type === 'named');

/** The pools that could serve somebody: of other licenses a seat would lie idle here, and be missed. */
const poolsOf = (
  shelf: LicenseShelf,
  { wish, licenses }: Omit<Waiting, 'slot'>,
): readonly SeatPool[] =>
  licenses.flatMap((id) => poolsForClass(shelf.get(id)?.pools ?? [], wish.class));

/** Limits under which no more may be counted here, as things are. */
const lackingLimits = (
  { rules, claims, sessions, blocks }: DemandParts,
  { slot, wish }: Pick<Waiting, 'slot' | 'wish'>,
): readonly Limit[] => {
  const address = sessions.endpoint(slot)?.address ?? null;
  const limits = rules.current.limits(askerOf(wish.holder, address), targetOf(wish));
  return limits.filter((one) => claims.tally(one.key) + wish.weight > blocks.limits.mostOf(one));
};

/**
 * What is waited for, of each pool that could give it and each limit that is in the way: by `parked`,
 * and by those in the line whose turn it is not.
 */
export const demandOf = (
  parts: DemandParts & { readonly waiting: Pick<WaitingRoom, 'all'> },
  parked: Iterable<Waiting>,
  wall: EpochSeconds,
): Demand => {
  const queued = [...parts.waiting.all()].filter(({ turn }) => !turn);
  const all: readonly Waiting[] = [...parked, ...queued];
  const pools = new Map<SeatPool, number>();
  const limits = new Map<string, number>();
  for (const one of all) {
    const { weight } = one.wish;
    for (const pool of poolsOf(parts.shelf, one)) {
      pools.set(pool, (pools.get(pool) ?? 0) + weight);
    }
    for (const { key } of lackingLimits(parts, one)) {
      limits.set(key, (limits.get(key) ?? 0) + weight);
    }
  }
  const wishes = all.map(({ wish }) => wish);
  return { pools, limits, named: namedNeeds(parts, wishes, wall) };
};
