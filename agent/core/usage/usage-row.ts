/** Sums of what was lent: of one class of a product, and of one user or host. They add up. */

import type { RefusalCode } from '../../../protocol/refusal.ts';

export const COUNTED = [
  'granted',
  'released',
  'lapsed',
  'taken',
  'borrowed',
  'returned',
  'overdraft',
  'awaited',
] as const;
/** `taken`: disconnected or recalled by the administrator. `returned`: released while borrowed. */
export type Counted = (typeof COUNTED)[number];

/** One class of one product in one hour, or in a day or longer. */
export interface PoolUsage {
  readonly product: string;
  readonly class: string;
  /** Most seats lent at an instant. */
  peak: number;
  /** Most seats that were licensed. */
  licensed: number;
  /** Seats times seconds. */
  seatSeconds: number;
  /** Seconds in which every seat was lent. */
  fullSeconds: number;
  readonly counts: Record<Counted, number>;
  readonly refusals: Map<RefusalCode, number>;
}

/** One user or host with one product on one day, or longer. */
export interface PersonUsage {
  readonly product: string;
  readonly name: string;
  /** Seats times seconds; whoever shares a seat with others has all of it. */
  seatSeconds: number;
  /** Of these, those in which the application was not used, as far as it says. */
  idleSeconds: number;
  granted: number;
  refused: number;
}

export const emptyPool = (product: string, className: string): PoolUsage => ({
  product,
  class: className,
  peak: 0,
  licensed: 0,
  seatSeconds: 0,
  fullSeconds: 0,
  counts: {
    granted: 0,
    released: 0,
    lapsed: 0,
    taken: 0,
    borrowed: 0,
    returned: 0,
    overdraft: 0,
    awaited: 0,
  },
  refusals: new Map(),
});

export const emptyPerson = (product: string, name: string): PersonUsage => ({
  product,
  name,
  seatSeconds: 0,
  idleSeconds: 0,
  granted: 0,
  refused: 0,
});

/** Adds what happened at other times, or is stored: peaks are of any instant of both. */
export const addPool = (to: PoolUsage, from: PoolUsage): void => {
  to.peak = Math.max(to.peak, from.peak);
  to.licensed = Math.max(to.licensed, from.licensed);
  to.seatSeconds += from.seatSeconds;
  to.fullSeconds += from.fullSeconds;
  for (const name of COUNTED) to.counts[name] += from.counts[name];
  for (const [code, count] of from.refusals) {
    to.refusals.set(code, (to.refusals.get(code) ?? 0) + count);
  }
};

export const addPerson = (to: PersonUsage, from: PersonUsage): void => {
  to.seatSeconds += from.seatSeconds;
  to.idleSeconds += from.idleSeconds;
  to.granted += from.granted;
  to.refused += from.refused;
};
