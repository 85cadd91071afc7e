/** Which reservations are taken up by seats that are held: a seat takes up one of them, or none. */

import type { Reservation } from './rule.ts';

const PREFIX = 'reserve/';
const SEPARATOR = '+';

/** The key of seats that fit the reservations on these lines, and no others. */
export const reservedKey = (lines: readonly number[]): string => PREFIX + lines.join(SEPARATOR);

export const isReservedKey = (key: string): boolean => key.startsWith(PREFIX);

/** Seats that fit the same lines. */
interface Fitting {
  readonly lines: readonly number[];
  readonly seats: number;
}

/**
 * Seats taken up of each reservation of a product, by its key. `held`: seats by the keys of
 * `Rules.tallies`. A seat that fits several lines is counted on one: the first that has room, after
 * those that have less choice. It does not depend on who came first, so a restart changes nothing.
 */
export const takenUp = (
  reservations: readonly Reservation[],
  held: Iterable<readonly [key: string, seats: number]>,
): ReadonlyMap<string, number> => {
  const byLine = new Map(reservations.map((one) => [one.line.number, one]));
  const taken = new Map<string, number>();
  for (const { lines, seats } of inTurn(held)) {
    let left = seats;
    for (const number of lines) {
      const line = byLine.get(number);
      if (line === undefined) continue;
      const before = taken.get(line.key) ?? 0;
      const more = Math.min(left, line.seats - before);
      if (more > 0) taken.set(line.key, before + more);
      left -= more;
    }
  }
  return taken;
};

/** Those with the least choice first, then by their lines. */
const inTurn = (held: Iterable<readonly [string, number]>): readonly Fitting[] => {
  const fitting: Fitting[] = [];
  for (const [key, seats] of held) {
    if (!isReservedKey(key)) continue;
    fitting.push({ lines: key.slice(PREFIX.length).split(SEPARATOR).map(Number), seats });
  }
  return fitting.sort(
    ({ lines: one }, { lines: other }) => one.length - other.length || compareLines(one, other),
  );
};

const compareLines = (one: readonly number[], other: readonly number[]): number => {
  const at = one.findIndex((line, i) => line !== other[i]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
};
