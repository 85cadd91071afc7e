/**
 * The child licenses that this agent has given, and the seats that are lent to children: an allotment
 * of the pools here, which lend so many fewer. One equation holds at every time and every stage:
 * licensed = what the license says − what is allotted.
 *
 * A child may lend by any document that was spoken and that it has not given up, and will by what is
 * wanted now. So the most of all these counts: an increase from the moment it is wanted, a decrease
 * when the child has taken it or its last promise has ended.
 */

import type { ChildPool } from '../../protocol/child-license.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { driftMargin } from '../../protocol/lease-time.ts';
import type { License } from '../../protocol/license.ts';
import { nextStageChange, seatsAt } from '../../protocol/stages.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../protocol/units.ts';
import { type ChildRecord, readChildRecord } from './child-record.ts';

/** By so much the calendars of a parent and its child may differ: both are guarded and set. */
export const CALENDAR_SLACK: Seconds = seconds(300);

/** Seats by dates: what a child may lend. */
interface Claimed {
  readonly pools: readonly ChildPool[];
  readonly ends: EpochSeconds | null;
}

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

/** So long after a child has fewer seats they may still be in use there. */
export const trailOf = ({ terms }: ChildRecord): Seconds =>
  seconds(tail(terms.longest) + CALENDAR_SLACK);

/** What a child lends by, or may. */
const claimsOf = ({ promises, state, terms }: ChildRecord): readonly Claimed[] =>
  state === 'active' ? [...promises, { pools: terms.pools, ends: terms.expires }] : promises;

/** The seats of a class of its parent's that a child has, at a time: no fewer than it may lend. */
export const allottedTo = (
  record: ChildRecord,
  className: string,
  lead: Seconds,
  wall: EpochSeconds,
): number => {
  const from = Math.max(0, wall - trailOf(record));
  return Math.max(
    0,
    ...claimsOf(record).map(({ pools, ends }) => {
      const pool = pools.find((one) => one.class === className);
      if (pool === undefined || (ends !== null && from >= ends)) return 0;
      return mostSeats(
        pool,
        epochSeconds(from),
        Math.min(wall + lead, (ends ?? 0x1_0000_0000) - 1),
      );
    }),
  );
};

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

/** When it changes next by the calendar, after this time; `lead` as above. */
export const nextAllotmentChange = (
  record: ChildRecord,
  lead: Seconds,
  wall: EpochSeconds,
): EpochSeconds | undefined => {
  const trail = trailOf(record);
  let next: number | undefined;
  const consider = (time: number): void => {
    if (time > wall && time <= 0xffff_ffff && (next === undefined || time < next)) next = time;
  };
  for (const { pools, ends } of claimsOf(record)) {
    if (ends !== null) consider(ends + trail);
    for (const stage of pools.flatMap(({ stages }) => stages)) {
      for (const time of [stage.from, stage.until]) {
        if (time === null) continue;
        consider(time - lead);
        consider(time + trail);
      }
    }
  }
  return next === undefined ? undefined : epochSeconds(next);
};

/** Whether nothing of it can be lent any more, whatever its child does. */
const isOver = (record: ChildRecord, wall: EpochSeconds): boolean => {
  const isPast = ({ ends }: Claimed): boolean => ends !== null && wall >= ends + trailOf(record);
  return claimsOf(record).every((claim) => claim.pools.length === 0 || isPast(claim));
};

/** The classes that a child has, or had, seats of. */
export const classesOf = ({ terms, promises }: ChildRecord): ReadonlySet<string> =>
  new Set([terms, ...promises].flatMap(({ pools }) => pools.map((pool) => pool.class)));
