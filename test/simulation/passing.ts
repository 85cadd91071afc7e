/**
 * Who may pass those that wait before: who takes seats of licenses that are of no use to them, or a seat
 * that is kept from them by a reservation.
 */

import type { Inspection, WaiterSeen } from '../../agent/core/inspection.ts';
import { isReservedKey, reservedKey, takenUp } from '../../agent/core/rules/taken-up.ts';
import { refuseFeatures, refuseResource, refuseVersion } from '../../protocol/coverage.ts';
import { foldCase } from '../../protocol/fold-case.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { ANY_RESOURCE, GENERIC_CLASS, type License } from '../../protocol/license.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { LicenseTruth } from './license-truth.ts';
import type { RuleLines, Someone, Wanted } from './rule-lines.ts';

/** One who has got a seat of these licenses. */
export interface Taker {
  readonly wish: SeatWish;
  readonly address: string | null;
  readonly licenses: ReadonlySet<LicenseId>;
}

/** One who waits. `wish`: what it asked for last. */
export interface Passed {
  readonly waiter: WaiterSeen;
  readonly wish: SeatWish;
}

/** `after`: with the seat that was taken. */
export const mayPass = (
  rules: RuleLines,
  truth: LicenseTruth,
  after: Inspection,
  taker: Taker,
  passed: Passed,
): boolean =>
  isKeptFrom(rules, after, taker, passed) ||
  [...taker.licenses].every((id) => !couldServe(truth.license(id), after, passed));

/** By the license's text; where that does not say it, by the agent's own word. */
const couldServe = (
  license: License | undefined,
  { users }: Inspection,
  { waiter, wish }: Passed,
): boolean => {
  if (license === undefined) return true;
  const { id, type, product, pools, resource } = license;
  if (type === 'server' || type === 'standalone') return false;
  const className = wish.class ?? GENERIC_CLASS;
  const fits = (name: string): boolean => name === className || name === GENERIC_CLASS;
  if (!pools.some((pool) => fits(pool.class))) return false;
  if (refuseVersion(license, wish) !== undefined) return false;
  const isFixed = resource !== ANY_RESOURCE;
  if (isFixed && refuseResource(license, resource ?? undefined, wish) !== undefined) return false;
  if (type === 'named') {
    const user = foldCase(wish.holder.user);
    const isHim = (one: Inspection['users'][number]): boolean =>
      one.product === product && one.class === className && foldCase(one.user) === user;
    if (!users.some(isHim)) return false;
  }
  const isPlain =
    isFixed &&
    type === 'floating' &&
    wish.borrow === undefined &&
    refuseFeatures(license, new Set(), wish) === undefined;
  return isPlain || waiter.licenses.includes(id);
};

const isKeptFrom = (
  rules: RuleLines,
  { tallies }: Inspection,
  taker: Taker,
  { waiter, wish }: Passed,
): boolean => {
  const own = reservedFor(rules, taker.wish, taker.address);
  const others = reservedFor(rules, wish, waiter.address);
  if (own.length === 0 || own.some((name) => others.includes(name))) return false;
  const key = reservedKey(own.map(numberOf).sort((left, right) => left - right));
  const { product, weight } = taker.wish;
  const without = new Map(tallies).set(key, (tallies.get(key) ?? 0) - weight);
  return kept(rules, product, tallies) - kept(rules, product, without) >= weight;
};

/** The names of the reservations that are for somebody. */
const reservedFor = (
  rules: RuleLines,
  wish: SeatWish,
  address: string | null,
): readonly string[] => {
  const { product, class: className, holder } = wish;
  const wanted: Wanted = { product, class: className ?? GENERIC_CLASS };
  const someone: Someone = { ...holder, address };
  return rules.names(someone, wanted).filter(isReservedKey);
};

const numberOf = (name: string): number => Number(name.slice(name.indexOf('/') + 1));

/** Seats of a product's reservations that are taken up. */
const kept = (rules: RuleLines, product: string, tallies: ReadonlyMap<string, number>): number => {
  const all = rules.kept(product).map(({ name, seats, class: className }) => ({
    key: name,
    seats,
    line: { number: numberOf(name), text: name },
    target: { product, class: className },
  }));
  return [...takenUp(all, tallies).values()].reduce((sum, seats) => sum + seats, 0);
};
