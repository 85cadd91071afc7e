/**
 * How a member changes the shares of a pool: pure choice, nothing is asked. Seats lie where they are
 * used: who runs dry takes what nobody has; where nothing is left it says so, and members with idle
 * seats give them to whoever has wanted some for longest. What lies idle for long goes back.
 */

import type { Share } from './share-record.ts';
import type { MemberId } from './site-keys.ts';

export interface Need {
  readonly me: MemberId;
  /** What the license has for the whole site now. */
  readonly total: number;
  /** Seats of the own share that are lent. */
  readonly lent: number;
  /** Seats that are waited for here: those that are free here are for them first. */
  readonly demand: number;
  /** Free seats that are liked to be had, so that the next who comes need not wait. */
  readonly spare: number;
  /** None was lent for a while. */
  readonly isQuiet: boolean;
  /** Members that live. */
  readonly alive: ReadonlySet<MemberId>;
  /** The dead of whose seats nobody holds one any more. */
  readonly gone: { has(member: MemberId): boolean };
}

/**
 * What a member may lend of its share: where the license has fewer seats than are shared, those who
 * come last in order have fewer. Everybody who reads the same shares comes to the same.
 */
export const lendableOf = (shares: readonly Share[], me: MemberId, total: number): number => {
  let left = total;
  for (const { member, seats } of inOrder(shares)) {
    const most = Math.max(0, Math.min(seats, left));
    if (member === me) return most;
    left -= seats;
  }
  return 0;
};

const inOrder = (shares: readonly Share[]): readonly Share[] =>
  [...shares].sort((one, other) => (one.member < other.member ? -1 : 1));

/** The shares as they should be, in the order of members; `undefined` when they are. */
export const planShares = (shares: readonly Share[], need: Need): readonly Share[] | undefined => {
  const { me, alive, gone } = need;
  const own = shares.find(({ member }) => member === me) ?? NOTHING(me);
  const others = shares
    .filter(({ member }) => member !== me && !gone.has(member))
    .map((one) => (alive.has(one.member) ? one : { ...one, wanted: 0, since: 0 }));
  const planned = settle(own, others, need);
  const isSame =
    planned.every((share) =>
      isEqual(
        share,
        shares.find(({ member }) => member === share.member),
      ),
    ) && others.length === shares.filter(({ member }) => member !== me).length;
  return isSame ? undefined : inOrder(planned);
};

/** The shares with seats of the dead, `taken`, moved to this member; `undefined` where they have too few. */
export const moveSeats = (
  shares: readonly Share[],
  me: MemberId,
  taken: ReadonlyMap<MemberId, number>,
): readonly Share[] | undefined => {
  const own = shares.find(({ member }) => member === me) ?? NOTHING(me);
  const others = shares
    .filter(({ member }) => member !== me)
    .map((one) => ({ ...one, seats: one.seats - (taken.get(one.member) ?? 0) }));
  const isThere = [...taken.keys()].every((dead) => others.some(({ member }) => member === dead));
  if (!isThere || others.some(({ seats }) => seats < 0)) return undefined;
  const more = sumOf([...taken.values()], (seats) => seats);
  return inOrder([...others, { ...own, seats: own.seats + more }]);
};

const NOTHING = (member: MemberId): Share => ({ member, seats: 0, wanted: 0, since: 0 });

const isEqual = (one: Share, other: Share | undefined): boolean =>
  other === undefined
    ? one.seats === 0 && one.wanted === 0
    : one.seats === other.seats && one.wanted === other.wanted && one.since === other.since;

const settle = (own: Share, others: readonly Share[], need: Need): readonly Share[] => {
  const { total, lent, demand, spare, isQuiet } = need;
  const used = Math.max(lent, Math.min(lent + demand, total));
  const wanting = others
    .filter(({ wanted }) => wanted > 0)
    .sort((one, other) => one.since - other.since);
  let free = total - own.seats - sumOf(others, ({ seats }) => seats);
  let seats = own.seats;
  const take = (most: number): void => {
    const taken = Math.max(0, Math.min(most, free));
    seats += taken;
    free -= taken;
  };
  const before = wanting.filter(({ since }) => own.wanted === 0 || since < own.since);
  const reserved = sumOf(before, ({ wanted }) => wanted);
  if (used > seats) take(Math.min(used - seats, free - reserved));
  if (wanting.length === 0 && seats - used < spare / 2) take(used + spare - seats);
  // More is shared than there is: what is idle here is given back.
  if (free < 0) seats -= Math.min(Math.max(0, seats - used), -free);
  // Too few are here for who waits: who has wanted some for longer gets them, lest each of the two
  // waits with a part of what the other needs.
  const idle = seats < used ? seats - lent : seats - used;
  const first = giveTo(before, Math.max(0, idle), Math.max(0, free));
  seats -= sumOf([...first.values()], (count) => count);
  free -= Math.min(
    Math.max(0, free),
    sumOf(before, ({ wanted }) => wanted),
  );
  const later = wanting.filter((one) => !before.includes(one));
  const last = giveTo(later, Math.max(0, seats - used), Math.max(0, free));
  seats -= sumOf([...last.values()], (count) => count);
  const given = new Map([...first, ...last]);
  if (isQuiet && seats - used > (spare === 0 ? 0 : 2 * spare + 1)) seats = used + spare;
  const wanted = Math.max(0, Math.min(used, total) - seats);
  const latest = Math.max(0, ...others.map(({ since }) => since));
  const since = wanted === 0 ? 0 : own.wanted > 0 ? own.since : latest + 1;
  return [
    { ...own, seats, wanted, since },
    ...others.map((one) => receive(one, given.get(one.member) ?? 0)),
  ];
};

/** Who gets how many of `idle` seats; what nobody has, `free`, they take by themselves. */
const giveTo = (
  wanting: readonly Share[],
  idle: number,
  free: number,
): ReadonlyMap<MemberId, number> => {
  const given = new Map<MemberId, number>();
  let [left, unowned] = [idle, free];
  for (const { member, wanted } of wanting) {
    const taken = Math.min(wanted, unowned);
    const count = Math.min(wanted - taken, left);
    unowned -= taken;
    left -= count;
    given.set(member, count);
  }
  return given;
};

const receive = (share: Share, count: number): Share => {
  const wanted = share.wanted - count;
  return { ...share, seats: share.seats + count, wanted, since: wanted > 0 ? share.since : 0 };
};

const sumOf = <T>(items: readonly T[], count: (item: T) => number): number =>
  items.reduce((sum, item) => sum + count(item), 0);
