/**
 * Which seats a child can be promised by now: those that it is to have, as far as its parent has them.
 * Where the parent's license has shrunk its children get fewer, first those that were created last;
 * they get them back when there are more again.
 */

import type { ChildPool } from '../../../protocol/child-license.ts';
import type { PoolGrant } from '../../../protocol/license.ts';
import { STAGES_MAX } from '../../../protocol/limits.ts';
import { type Stage, seatsAt } from '../../../protocol/stages.ts';
import { type EpochSeconds, epochSeconds, seconds } from '../../../protocol/units.ts';
import type { LicenseShelf, ShelvedLicense } from '../licenses/license-shelf.ts';
import type { SeatPool } from '../seats/seat-pool.ts';
import {
  allottedTo,
  type ChildLedger,
  datesOf,
  isPast,
  leadOf,
  onlyPromised,
  promisedTo,
  slackBelow,
} from './child-ledger.ts';
import type { ChildRecord } from './child-record.ts';

export interface FitParts {
  readonly shelf: LicenseShelf;
  readonly children: ChildLedger;
}

/** Times that are looked at; nothing is promised for later ones. */
const TIMES_MAX = 4096;
const NO_LEAD = seconds(0);

/** What the seats at one time depend on. */
interface Ground {
  readonly record: ChildRecord;
  /** Children of the same license that were created before, and all but this one. */
  readonly elders: readonly ChildRecord[];
  readonly others: readonly ChildRecord[];
  /** Until then seats that are lent by the parent may be in use. */
  readonly soon: EpochSeconds;
}

/** The pools of a child's next document; `root`: its parent's license. */
export const fitPools = (
  { shelf, children }: FitParts,
  root: ShelvedLicense,
  record: ChildRecord,
  wall: EpochSeconds,
): readonly ChildPool[] => {
  const { license } = root;
  const others = [...children.all()].filter(
    ({ id, of }) => id !== record.id && shelf.heirOf(of) === license.id,
  );
  const elders = others.filter((one) => isElder(one, record));
  const soon = epochSeconds(wall + leadOf(license) + slackBelow(record));
  const ground = {
    record: lasting(record, wall),
    elders,
    others: others.map((one) => lasting(one, wall)),
    soon,
  };
  const times = timesOf(license.pools, ground, wall);
  const pools = record.terms.pools.flatMap((pool) => {
    const i = license.pools.findIndex((grant) => grant.class === pool.class);
    const [grant, lending] = [license.pools[i], root.pools[i]];
    if (grant === undefined || lending === undefined) return [];
    const given = times.map((time) => givenAt(ground, pool, { grant, lending }, time));
    const isWhole = times.every((time, k) => given[k] === seatsAt(pool, time));
    return isWhole ? pool : poolOf(pool.class, times, given, license.issued);
  });
  const [first] = license.pools;
  if (pools.length > 0 || first === undefined) return pools;
  return [{ class: first.class, seats: 0, stages: [] }];
};

/** What was promised is promised anew whenever a child calls, for as long as it is to have it. */
const lasting = (record: ChildRecord, wall: EpochSeconds): ChildRecord => {
  const { state, terms, promises } = record;
  const renewed = (ends: EpochSeconds | null): EpochSeconds | null =>
    ends === null || terms.expires === null ? null : epochSeconds(Math.max(ends, terms.expires));
  return {
    ...record,
    promises: promises
      .filter((one) => !isPast(record, one, wall))
      .map((one) => ({ ...one, ends: state === 'active' ? renewed(one.ends) : one.ends })),
  };
};

const isElder = (one: ChildRecord, other: ChildRecord): boolean =>
  one.created < other.created || (one.created === other.created && one.id < other.id);

/** From now on, every time at which anything changes. */
const timesOf = (
  grants: readonly PoolGrant[],
  { record, others, soon }: Ground,
  wall: EpochSeconds,
): readonly EpochSeconds[] => {
  const stages = grants.flatMap((grant) =>
    grant.stages.flatMap(({ from, until }) => [from, until]),
  );
  const dates = [soon, ...stages, ...[record, ...others].flatMap(datesOf)];
  const later = new Set(dates.filter((date) => date !== null && date > wall && date <= LAST));
  const sorted = [wall, ...later].map(Number).sort((one, other) => one - other);
  return sorted.slice(0, TIMES_MAX).map(epochSeconds);
};

const LAST = 0xffff_ffff;

const givenAt = (
  { record, elders, others, soon }: Ground,
  pool: ChildPool,
  { grant, lending }: { readonly grant: PoolGrant; readonly lending: SeatPool },
  time: EpochSeconds,
): number => {
  const { class: name } = pool;
  const granted = seatsAt(grant, time);
  let left = granted;
  for (const elder of elders) left -= Math.min(left, wishedAt(elder, name, time));
  const due = Math.min(left, seatsAt(pool, time));
  const taken = others.reduce(
    (sum, one) => sum + allottedTo(onlyPromised(one), name, NO_LEAD, time),
    0,
  );
  const lent = time < soon ? Math.max(0, lending.lent - lending.overdraft) : 0;
  // What it has been promised is its own, though others have too much as yet.
  return Math.min(due, Math.max(promisedTo(record, name, time), granted - taken - lent));
};

const wishedAt = ({ state, terms }: ChildRecord, name: string, time: EpochSeconds): number => {
  const { pools, expires } = terms;
  const pool = pools.find((one) => one.class === name);
  const isOn = state === 'active' && (expires === null || time < expires);
  return pool === undefined || !isOn ? 0 : seatsAt(pool, time);
};

/** A pool with so many seats from each of these times on; the last ones are for ever. */
const poolOf = (
  name: string,
  times: readonly EpochSeconds[],
  given: readonly number[],
  start: EpochSeconds,
): ChildPool => {
  const runs: { readonly from: EpochSeconds; seats: number }[] = [];
  for (const [k, from] of times.entries()) {
    const seats = given[k] ?? 0;
    const last = runs.at(-1);
    if (runs.length > STAGES_MAX && last !== undefined) last.seats = Math.min(last.seats, seats);
    else if (last?.seats !== seats) runs.push({ from, seats });
  }
  const stages = runs.slice(0, -1).map(
    // A calendar that is a little behind is before the first of them.
    ({ from, seats }, k): Stage => ({
      from: k === 0 ? epochSeconds(Math.min(start, from)) : from,
      until: runs[k + 1]?.from ?? null,
      seats,
    }),
  );
  const isCut = times.length >= TIMES_MAX;
  return { class: name, seats: isCut ? 0 : (runs.at(-1)?.seats ?? 0), stages };
};
