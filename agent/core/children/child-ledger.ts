/**
 * The child licenses that this agent has given, and the seats that are lent to children: an allotment
 * of the pools here, which lend so many fewer. One equation holds at every time and every stage:
 * licensed = what the license says − what is allotted.
 *
 * A child may lend by any document that was spoken and that it has not given up, and will by what is
 * wanted now. So the most of all these counts: an increase from the moment it is wanted, a decrease
 * when the child has taken it or its last promise has ended.
 */

import type { ChildPool } from '../../../protocol/child-license.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { driftMargin } from '../../../protocol/lease-time.ts';
import type { License } from '../../../protocol/license.ts';
import { nextStageChange, seatsAt } from '../../../protocol/stages.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../../protocol/units.ts';
import { type ChildPromise, type ChildRecord, readChildRecord } from './child-record.ts';

/** By so much the calendars of a parent and its child may differ: both are guarded and set. */
const CALENDAR_SLACK: Seconds = seconds(300);

/** Seats by dates: what a child may lend, and how long its sessions last. */
type Claimed = Pick<ChildPromise, 'pools' | 'ends' | 'longest'>;

export class ChildLedger {
  readonly #records = new Map<LicenseId, ChildRecord>();

  get size(): number {
    return this.#records.size;
  }

  get(id: LicenseId): ChildRecord | undefined {
    return this.#records.get(id);
  }

  /** In the order in which they were created. */
  all(): Iterable<ChildRecord> {
    return this.#records.values();
  }

  put(record: ChildRecord): void {
    this.#records.set(record.id, record);
  }

  remove(id: LicenseId): void {
    this.#records.delete(id);
  }

  /** Those that were removed, and count for nothing any more. */
  removedAndOver(wall: EpochSeconds): readonly ChildRecord[] {
    return [...this.#records.values()].filter(
      (one) => one.state === 'removed' && isOver(one, wall),
    );
  }

  /** Takes up a stored record, or answers `false` where it is none. */
  restore(key: string, value: Uint8Array): boolean {
    const record = readChildRecord(key, value);
    if (record !== undefined) this.put(record);
    return record !== undefined;
  }
}

/** So long before a child has more seats they are not lent here any more: what is lent has ended by then. */
export const leadOf = ({ term, borrow }: License): Seconds =>
  seconds(Math.max(tail(term), borrow === null ? 0 : 2 * borrow.longest) + CALENDAR_SLACK);

/** So long a session may go on after its last renewal, as its agent counts it. */
const tail = (term: Seconds): number => term + Math.ceil(driftMargin(term) / 1000);

/** By so much more the calendars of a child's children may differ from that of this agent. */
export const slackBelow = ({ terms }: ChildRecord): Seconds =>
  seconds((terms.children?.depth ?? 0) * CALENDAR_SLACK);

/** So long after a child has fewer seats by a promise they may still be in use there, or further on. */
export const trailOf = (record: ChildRecord, { longest }: Pick<ChildPromise, 'longest'>): Seconds =>
  seconds(tail(longest) + CALENDAR_SLACK + slackBelow(record));

/** What a child lends by, or may. */
const claimsOf = ({ promises, state, terms }: ChildRecord): readonly Claimed[] => {
  const { pools, expires: ends, longest } = terms;
  return state === 'active' ? [...promises, { pools, ends, longest }] : promises;
};

/** The seats of a class of its parent's that a child has, at a time: no fewer than it may lend. */
export const allottedTo = (
  record: ChildRecord,
  className: string,
  lead: Seconds,
  wall: EpochSeconds,
): number => {
  return Math.max(
    0,
    ...claimsOf(record).map((claim) => {
      const { pools, ends } = claim;
      const from = Math.max(0, wall - trailOf(record, claim));
      const pool = pools.find((one) => one.class === className);
      if (pool === undefined || (ends !== null && from >= ends)) return 0;
      return mostSeats(
        pool,
        epochSeconds(from),
        Math.min(wall + lead + slackBelow(record), (ends ?? 0x1_0000_0000) - 1),
      );
    }),
  );
};

/** The seats of a class that were promised to a child for a time, by its own calendar. */
export const promisedTo = (
  { promises }: ChildRecord,
  className: string,
  wall: EpochSeconds,
): number =>
  Math.max(
    0,
    ...promises.map(({ pools, ends }) => {
      const pool = pools.find((one) => one.class === className);
      return pool === undefined || (ends !== null && wall >= ends) ? 0 : seatsAt(pool, wall);
    }),
  );

/** A child with nothing but what was promised to it: what is wanted besides is left out. */
export const onlyPromised = (record: ChildRecord): ChildRecord => ({
  ...record,
  state: 'suspended',
});

/** The most seats of a pool from one time to another. */
const mostSeats = (pool: ChildPool, from: EpochSeconds, until: number): number => {
  let most = seatsAt(pool, from);
  let at = nextStageChange(pool.stages, from);
  while (at !== undefined && at <= until) {
    most = Math.max(most, seatsAt(pool, at));
    at = nextStageChange(pool.stages, at);
  }
  return most;
};

/** Every date at which what a child may lend changes, there or here. */
export const datesOf = (record: ChildRecord): readonly EpochSeconds[] =>
  claimsOf(record).flatMap((claim) => {
    const trail = trailOf(record, claim);
    const stages = claim.pools.flatMap((pool) => pool.stages);
    const dates = [claim.ends, ...stages.flatMap(({ from, until }) => [from, until])];
    return dates.flatMap((date) =>
      date === null ? [] : [date, epochSeconds(Math.min(0xffff_ffff, date + trail))],
    );
  });

/** When it changes next by the calendar, after this time; `lead` as above. */
export const nextAllotmentChange = (
  record: ChildRecord,
  lead: Seconds,
  wall: EpochSeconds,
): EpochSeconds | undefined => {
  let next: number | undefined;
  const consider = (time: number): void => {
    if (time > wall && time <= 0xffff_ffff && (next === undefined || time < next)) next = time;
  };
  for (const claim of claimsOf(record)) {
    const { pools, ends } = claim;
    const trail = trailOf(record, claim);
    if (ends !== null) consider(ends + trail);
    for (const stage of pools.flatMap(({ stages }) => stages)) {
      for (const time of [stage.from, stage.until]) {
        if (time === null) continue;
        consider(time - lead - slackBelow(record));
        consider(time + trail);
      }
    }
  }
  return next === undefined ? undefined : epochSeconds(next);
};

/** Whether nothing of it can be lent any more, whatever its child does. */
const isOver = (record: ChildRecord, wall: EpochSeconds): boolean => {
  return claimsOf(record).every((claim) => claim.pools.length === 0 || isPast(record, claim, wall));
};

/** Whether nothing can be lent by a promise any more. */
export const isPast = (
  record: ChildRecord,
  promise: Pick<ChildPromise, 'ends' | 'longest'>,
  wall: EpochSeconds,
): boolean => promise.ends !== null && wall >= promise.ends + trailOf(record, promise);

/** The classes that a child has, or had, seats of. */
export const classesOf = ({ terms, promises }: ChildRecord): ReadonlySet<string> =>
  new Set([terms, ...promises].flatMap(({ pools }) => pools.map((pool) => pool.class)));
