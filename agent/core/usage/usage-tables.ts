/**
 * Sums of what was lent: by product, class and hour of UTC, and by user, host and day of UTC. Two
 * tables add up to one, in any order, so that what is in memory can be added to what is stored.
 */

import {
  addPerson,
  addPool,
  emptyPerson,
  emptyPool,
  type PersonUsage,
  type PoolUsage,
} from './usage-row.ts';

export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** Rows that an hour and a day may have; what comes beyond is counted as `OTHERS`. */
export const POOLS_MAX = 256;
export const PEOPLE_MAX = 2000;
/** What stands for all that had no row of their own. */
export const OTHERS = '(others)';

export const PEOPLE = ['user', 'host'] as const;
export type People = (typeof PEOPLE)[number];

/** Rows by product and class or name, at most so many and one for the others. */
export class UsageRows<T extends { readonly product: string }> {
  readonly #rows = new Map<string, T>();
  readonly #make: (product: string, name: string) => T;
  readonly #most: number;

  constructor(make: (product: string, name: string) => T, most: number) {
    this.#make = make;
    this.#most = most;
  }

  get size(): number {
    return this.#rows.size;
  }

  values(): Iterable<T> {
    return this.#rows.values();
  }

  /**
   * The row of this name. `isStranger`: whoever was refused may have made it up, and that fills no
   * more than half of the table.
   */
  row(product: string, name: string, isStranger = false): T {
    const known = this.#rows.get(keyOf(product, name));
    if (known !== undefined) return known;
    const most = isStranger ? this.#most / 2 : this.#most;
    return this.#rows.size < most ? this.#add(product, name) : this.#others();
  }

  #others(): T {
    return this.#rows.get(keyOf(OTHERS, OTHERS)) ?? this.#add(OTHERS, OTHERS);
  }

  #add(product: string, name: string): T {
    const row = this.#make(product, name);
    this.#rows.set(keyOf(product, name), row);
    return row;
  }
}

export type PoolRows = UsageRows<PoolUsage>;
export type PersonRows = UsageRows<PersonUsage>;

export const poolRows = (most = POOLS_MAX): PoolRows => new UsageRows(emptyPool, most);
export const personRows = (most = PEOPLE_MAX): PersonRows => new UsageRows(emptyPerson, most);

/** Adds rows to rows: no sum changes, whatever has a row of its own. */
export const addPools = (to: PoolRows, from: Iterable<PoolUsage>): void => {
  for (const row of from) addPool(to.row(row.product, row.class), row);
};

export const addPersons = (to: PersonRows, from: Iterable<PersonUsage>): void => {
  for (const row of from) addPerson(to.row(row.product, row.name), row);
};

/** What is summed up and not stored yet. */
export class UsageTables {
  /** By hours since 1970. */
  readonly hours = new Map<number, PoolRows>();
  /** By days since 1970. */
  readonly days: Readonly<Record<People, Map<number, PersonRows>>> = {
    user: new Map(),
    host: new Map(),
  };

  get isEmpty(): boolean {
    return this.hours.size === 0 && this.days.user.size === 0 && this.days.host.size === 0;
  }

  hour(hour: number): PoolRows {
    return at(this.hours, hour, poolRows);
  }

  day(people: People, day: number): PersonRows {
    return at(this.days[people], day, personRows);
  }

  add(other: UsageTables): void {
    for (const [hour, rows] of other.hours) addPools(this.hour(hour), rows.values());
    for (const people of PEOPLE) {
      for (const [day, rows] of other.days[people]) {
        addPersons(this.day(people, day), rows.values());
      }
    }
  }
}

const at = <T>(map: Map<number, T>, key: number, make: () => T): T => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};

/** No name has a line feed: the wire allows none. */
const keyOf = (product: string, name: string): string => `${product}\n${name}`;
