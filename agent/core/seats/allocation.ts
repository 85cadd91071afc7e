/**
 * Who gets which seats: pure choice, nothing is taken. Seats of the class that was asked for come
 * before generic ones, those the vendor merely tolerates come last; several licenses of a product
 * add up.
 */

import { foldCase } from '../../../protocol/fold-case.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import { PARTS_MAX, SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import type { Asker } from '../rules/rule.ts';
import { askerOf, targetOf } from '../rules/rule-book.ts';
import type { Limit } from '../rules/rules.ts';
import type { AllocationParts, Bid, SeatCounts } from './bid.ts';
import { type Candidates, findCandidates, takingOf } from './candidates.ts';
import { namedWishOf } from './named-seat.ts';
import { fillFrom } from './pool-filling.ts';
import type { ClaimPart, SeatClaim } from './seat-claims.ts';
import { weightOf } from './seat-claims.ts';
import type { SeatPool } from './seat-pool.ts';
import { withheldFrom } from './withheld-from.ts';

export type Allocation =
  /** A new claim. */
  | { readonly kind: 'claim'; readonly claim: SeatClaim; readonly counts: SeatCounts }
  /** A claim that is there already, and the seats it needs more. */
  | {
      readonly kind: 'share';
      readonly number: number;
      readonly more: Pick<SeatClaim, 'parts' | 'overdraft'> | undefined;
      readonly counts: SeatCounts;
    }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly counts: SeatCounts;
      /** Those that could lend, were there seats. */
      readonly licenses: readonly LicenseId[];
    };

const NONE: SeatCounts = { inUse: 0, seats: 0 };

/** Chooses seats for a bid, or says why there are none. */
export const allocate = (parts: AllocationParts, bid: Bid): Allocation => {
  const { shelf, rules, gate } = parts;
  const { wish, address } = bid;
  if (gate.refusal !== undefined) return refuse(gate.refusal, NONE);
  if (shelf.ofProduct(wish.product).length === 0) return refuse('no-license', NONE);
  if (!rules.inForce) return refuse('faulty-rules', NONE);
  const asker = askerOf(wish.holder, address);
  if (rules.current.excludes(asker, targetOf(wish)) !== undefined) return refuse('excluded', NONE);
  const taking = takingOf(wish, bid.wall);
  const forbidden = taking && parts.terms.refuseRules(rules, asker, targetOf(wish), taking);
  if (forbidden !== undefined) return refuse(forbidden, NONE);
  const candidates = findCandidates(parts, bid);
  if (candidates.unlimited !== undefined) {
    if (taking !== undefined) return refuse('borrow-forbidden', NONE);
    const seat = { pool: candidates.unlimited, seats: 1 };
    const claim = { parts: [seat, ...serverParts(candidates, [seat], wish)], overdraft: false };
    return withinLimits(parts, bid, asker, undefined, 1) ?? claimOf(parts, bid, claim, undefined);
  }
  if (candidates.lending.length === 0) return refuse(candidates.refusal, NONE);
  const allocation = allocateSeats(parts, bid, asker, candidates);
  if (allocation.kind !== 'refused') return allocation;
  return { ...allocation, licenses: candidates.lending.map(({ license }) => license.id) };
};

const NO_LICENSES: readonly LicenseId[] = [];

const refuse = (code: RefusalCode, counts: SeatCounts): Allocation => ({
  kind: 'refused',
  code,
  counts,
  licenses: NO_LICENSES,
});

const allocateSeats = (
  parts: AllocationParts,
  bid: Bid,
  asker: Asker,
  candidates: Candidates,
): Allocation => {
  const { lending, servers } = candidates;
  const { wish } = bid;
  const counts = countSeats(lending, wish.class);
  let refusal: Allocation | undefined;
  for (const group of groupByCounting(lending)) {
    const share = shareKey(group, wish);
    const number = share === undefined ? undefined : findShare(parts, group, servers, share);
    const held = number === undefined ? undefined : parts.claims.get(number);
    const need = Math.max(0, wish.weight - (held === undefined ? 0 : weightOf(held)));
    const isNamed = group[0]?.license.type === 'named';
    if (isNamed && parts.named?.admits(namedWishOf(wish, held)) === false) {
      refusal ??= refuse('no-seat', counts);
      continue;
    }
    const limited = need === 0 ? undefined : withinLimits(parts, bid, asker, counts, need);
    if (limited !== undefined) return limited;
    const found = need === 0 ? NO_SEATS : findSeats(parts, bid, asker, { group, need });
    if (typeof found === 'string') {
      refusal ??= refuse(found, counts);
      continue;
    }
    const seats = [...(held?.parts ?? []), ...found.parts];
    const taken = [...found.parts, ...serverParts(candidates, seats, wish)];
    const more = { parts: taken, overdraft: found.overdraft };
    // More licenses than one reply can name.
    if ((held?.parts.length ?? 0) + more.parts.length > PARTS_MAX)
      return refuse('too-heavy', counts);
    if (number === undefined) return claimOf(parts, bid, more, share, counts);
    return { kind: 'share', number, more: more.parts.length > 0 ? more : undefined, counts };
  }
  return refusal ?? refuse('no-seat', counts);
};

const NO_SEATS: Pick<SeatClaim, 'parts' | 'overdraft'> = { parts: [], overdraft: false };

/**
 * The claim to share: one whose licenses all cover this wish, too. Where more is lent than there is,
 * nobody joins: seats that are ending would never end. Nor where a license that is only shown has
 * ended: no client would believe in such a seat.
 */
const findShare = (
  { claims }: AllocationParts,
  group: readonly ShelvedLicense[],
  servers: readonly ShelvedLicense[],
  share: string,
): number | undefined => {
  const covers = ({ pool: { counting }, seats }: ClaimPart): boolean =>
    (seats === 0 ? servers : group).some(({ license }) => license.id === counting.licenseId) &&
    (seats === 0 || counting.surplus === 0);
  return claims.shared(share).find((number) => claims.get(number).parts.every(covers));
};

const claimOf = (
  { rules }: AllocationParts,
  { wish, address }: Bid,
  { parts, overdraft }: Pick<SeatClaim, 'parts' | 'overdraft'>,
  share: string | undefined,
  counts: SeatCounts = NONE,
): Allocation => {
  const target = targetOf(wish);
  const tallies = rules.current.tallies(askerOf(wish.holder, address), target);
  const claim = { parts, overdraft, asked: target.class, share, tallies };
  return { kind: 'claim', claim, counts };
};

/** The `server` licenses that must be shown with a seat: they switch on what its own does not cover. */
const serverParts = (
  { lending, servers }: Candidates,
  parts: readonly ClaimPart[],
  { features }: SeatWish,
): readonly ClaimPart[] => {
  const covers = (name: string) => {
    return ({ pool }: ClaimPart): boolean => {
      const { licenseId } = pool.counting;
      const shelved = [...lending, ...servers].find(({ license }) => license.id === licenseId);
      return shelved?.license.features.includes(name) === true;
    };
  };
  const seats = parts.filter((part) => part.seats > 0);
  const shown = parts.filter((part) => part.seats === 0);
  const isMissing = (name: string): boolean =>
    !seats.every(covers(name)) && !shown.some(covers(name));
  const missing = new Set(features.filter(isMissing));
  const needed: ClaimPart[] = [];
  for (const { license, pools } of servers) {
    const helps = license.features.filter((name) => missing.delete(name)).length > 0;
    const [pool] = pools;
    if (helps && pool !== undefined) needed.push({ pool, seats: 0 });
  }
  return needed;
};

/** The refusal of who holds as many seats as an administrator allows. */
const withinLimits = (
  { rules, claims, limits: shared }: AllocationParts,
  { wish }: Bid,
  asker: Asker,
  counts: SeatCounts | undefined,
  need: number,
): Allocation | undefined => {
  const limits = rules.current.limits(asker, targetOf(wish));
  const isOver = (limit: Limit): boolean =>
    claims.tally(limit.key) + need > (shared?.mostOf(limit) ?? limit.most);
  return limits.some(isOver) ? refuse('limit-reached', counts ?? NONE) : undefined;
};

/** Licenses that count alike: only their seats can be one claim. */
const groupByCounting = (lending: readonly ShelvedLicense[]): readonly ShelvedLicense[][] => {
  const groups = new Map<string, ShelvedLicense[]>();
  for (const one of lending) {
    const counting = countingOf(one);
    groups.set(counting, [...(groups.get(counting) ?? []), one]);
  }
  return [...groups.values()];
};

/** A named license counts its users, whatever else it says. */
const countingOf = ({ license }: ShelvedLicense): string =>
  license.type === 'named' ? 'named' : license.counting;

/** Who shares a seat with this bid; `undefined` where every process has its own. */
const shareKey = (
  [first]: readonly ShelvedLicense[],
  { product, class: className, resource, holder }: SeatWish,
): string | undefined => {
  const counting = first === undefined ? 'process' : countingOf(first);
  if (counting === 'process') return undefined;
  const who = foldCase(counting === 'host' ? holder.host : holder.user);
  return JSON.stringify([counting, product, className, foldCase(resource ?? ''), who]);
};

const eligiblePools = (
  licenses: readonly ShelvedLicense[],
  className: string | null,
): readonly SeatPool[] => {
  const named: SeatPool[] = [];
  const generic: SeatPool[] = [];
  for (const { pools } of licenses) {
    for (const pool of pools) {
      if (pool.class === GENERIC_CLASS) generic.push(pool);
      else if (pool.class === className) named.push(pool);
    }
  }
  return named.length === 0 ? generic : [...named, ...generic];
};

/** Seats in use and in all, of those that could serve the wish. */
export const countSeats = (
  licenses: readonly ShelvedLicense[],
  className: string | null,
): SeatCounts => {
  let inUse = 0;
  let seats = 0;
  for (const pool of eligiblePools(licenses, className)) {
    inUse += pool.lent;
    seats = Math.min(SEATS_UNLIMITED, seats + pool.licensed);
  }
  return { inUse, seats };
};

interface Need {
  readonly group: readonly ShelvedLicense[];
  readonly need: number;
}

const findSeats = (
  parts: AllocationParts,
  bid: Bid,
  asker: Asker,
  { group, need }: Need,
): Pick<SeatClaim, 'parts' | 'overdraft'> | RefusalCode => {
  const { wish } = bid;
  const all = eligiblePools(group, wish.class);
  const most = all.reduce((sum, pool) => sum + pool.most + pool.overdraft, 0);
  if (wish.weight > most) return 'too-heavy';
  const { awaited } = bid;
  if (awaited === 'all') return 'no-seat';
  const pools = awaited.size === 0 ? all : all.filter(({ licenseId }) => !awaited.has(licenseId));
  const withheld = withheldFrom(parts, bid, asker);
  const free = sumOf(pools, (pool) => pool.free);
  const isGeneric = (pool: SeatPool): boolean => pool.class === GENERIC_CLASS;
  if (free - withheld.seats >= need) {
    const most = sumOf(pools.filter(isGeneric), (pool) => pool.free) - withheld.generic;
    const found = fillFrom(pools, need, (pool) => pool.free, most);
    if (found !== undefined) return { parts: found, overdraft: false };
  }
  const tolerated = sumOf(pools, (pool) => pool.free + pool.tolerated);
  if (tolerated - withheld.seats >= need) {
    const most =
      sumOf(pools.filter(isGeneric), (pool) => pool.free + pool.tolerated) - withheld.generic;
    const found = fillFrom(pools, need, (pool) => pool.free + pool.tolerated, most);
    if (found !== undefined) return { parts: found, overdraft: true };
  }
  return tolerated >= need ? 'reserved' : 'no-seat';
};

const sumOf = (pools: readonly SeatPool[], seats: (pool: SeatPool) => number): number =>
  pools.reduce((sum, pool) => sum + seats(pool), 0);
