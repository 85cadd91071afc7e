/** Which reservations are taken up by seats that are held: a seat takes up one of them, or none. */

import type { Reservation } from './rule.ts';

const PREFIX = 'reserve/';
const SEPARATOR = '+';

/** The key of seats that fit the reservations on these lines, and no others. */
export const reservedKey = (lines: readonly number[]): string => PREFIX + lines.join(SEPARATOR);

export const isReservedKey = (key: string): boolean => key.startsWith(PREFIX);

/** Seats that fit the same lines, and on which of them they are counted. */
interface Fitting {
  readonly lines: readonly number[];
  /** Counted on none yet. */
  left: number;
  readonly counted: Map<number, number>;
}

/** How a line gets a seat: from these, which are counted on the next line instead, and so on. */
interface Way {
  readonly line: number;
  readonly from: Fitting;
  readonly next: Way | undefined;
}

/**
 * Seats taken up of each reservation of a product, by its key. `held`: seats by the keys of
 * `Rules.tallies`. A seat that fits several lines is counted on one of them, so that as many as can
 * be are taken up: a maximum matching by augmenting paths. Lines for one class come before those for
 * any, then earlier ones before later ones: so what one more seat takes up is of its own class, or
 * for any. It does not depend on who came first, so a restart changes nothing; and another seat
 * takes nothing from what is taken up.
 */
export const takenUp = (
  reservations: readonly Reservation[],
  held: Iterable<readonly [key: string, seats: number]>,
): ReadonlyMap<string, number> => {
  const fitting = fittingOf(held);
  const taken = new Map<string, number>();
  const ofAnyClass = reservations.filter(({ target }) => target.class === null);
  const ofOneClass = reservations.filter(({ target }) => target.class !== null);
  for (const { line, key, seats } of [...ofOneClass, ...ofAnyClass]) {
    let lacking = seats - takeDirectly(line.number, seats, fitting);
    while (lacking > 0) {
      const way = findWay(line.number, fitting);
      if (way === undefined) break;
      follow(way);
      lacking--;
    }
    if (lacking < seats) taken.set(key, seats - lacking);
  }
  return taken;
};

const fittingOf = (held: Iterable<readonly [string, number]>): readonly Fitting[] => {
  const fitting: Fitting[] = [];
  for (const [key, seats] of held) {
    if (!isReservedKey(key)) continue;
    const lines = key.slice(PREFIX.length).split(SEPARATOR).map(Number);
    fitting.push({ lines, left: seats, counted: new Map() });
  }
  return fitting;
};

/** Counts what is counted nowhere yet on this line; how many. */
const takeDirectly = (line: number, most: number, fitting: readonly Fitting[]): number => {
  let taken = 0;
  for (const one of fitting) {
    if (one.left === 0 || !one.lines.includes(line)) continue;
    const more = Math.min(one.left, most - taken);
    count(one, line, more);
    taken += more;
    if (taken === most) break;
  }
  return taken;
};

/** The shortest way in which one more seat is counted on this line, and none less on the others. */
const findWay = (line: number, fitting: readonly Fitting[]): Way | undefined => {
  const seen = new Set<Fitting>();
  const ways: { readonly line: number; readonly back: Way | undefined }[] = [
    { line, back: undefined },
  ];
  for (const { line: wanting, back } of ways) {
    for (const from of fitting) {
      if (seen.has(from) || !from.lines.includes(wanting)) continue;
      seen.add(from);
      const way = { line: wanting, from, next: back };
      if (from.left > 0) return way;
      for (const [other, seats] of from.counted) {
        if (seats > 0) ways.push({ line: other, back: way });
      }
    }
  }
  return undefined;
};

/** From the seat that is counted nowhere to the line that lacks one. */
const follow = (way: Way): void => {
  for (let one: Way | undefined = way; one !== undefined; one = one.next) {
    count(one.from, one.line, 1);
    if (one.next !== undefined) count(one.next.from, one.line, -1);
  }
};

const count = (fitting: Fitting, line: number, seats: number): void => {
  fitting.counted.set(line, (fitting.counted.get(line) ?? 0) + seats);
  fitting.left -= seats;
};
