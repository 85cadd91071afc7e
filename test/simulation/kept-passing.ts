/** Who may pass those that wait before: whom a seat is kept for, by a reservation that is not for them. */

import type { Inspection } from '../../agent/core/inspection.ts';
import { isReservedKey, reservedKey, takenUp } from '../../agent/core/rules/taken-up.ts';
import { GENERIC_CLASS } from '../../protocol/license.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { RuleLines, Someone, Wanted } from './rule-lines.ts';

/** One who wants a seat of an agent. */
export interface Wanting {
  readonly wish: SeatWish;
  readonly address: string | null;
}

/** `after`: with the seat that the one has got. */
export const mayPass = (
  rules: RuleLines,
  { tallies }: Inspection,
  one: Wanting,
  other: Wanting,
): boolean => {
  const [own, others] = [reservedFor(rules, one), reservedFor(rules, other)];
  if (own.length === 0 || own.some((name) => others.includes(name))) return false;
  const key = reservedKey(own.map(numberOf).sort((left, right) => left - right));
  const { product, weight } = one.wish;
  const without = new Map(tallies).set(key, (tallies.get(key) ?? 0) - weight);
  return kept(rules, product, tallies) - kept(rules, product, without) >= weight;
};

/** The names of the reservations that are for somebody. */
const reservedFor = (rules: RuleLines, { wish, address }: Wanting): readonly string[] => {
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
