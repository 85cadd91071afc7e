/**
 * Whether an agent keeps to what a parent's newest document allows: with the seats in use, and with those
 * that it has promised to children of its own, now and at every stage to come.
 */

import { nextStageChange, seatsAt } from '../../../protocol/stages.ts';
import { type EpochSeconds, epochSeconds, seconds } from '../../../protocol/units.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import type { FitParts } from './child-fit.ts';
import { allottedTo, datesOf, isPast, onlyPromised, promisedTo } from './child-ledger.ts';
import type { ChildRecord } from './child-record.ts';

export const isWithin = (
  { shelf, children }: FitParts,
  { license, line }: ShelvedLicense,
  wall: EpochSeconds,
): boolean => {
  const own = [...children.all()].filter(({ of }) => shelf.heirOf(of) === license.id);
  const records = own.map(onlyPromised);
  const isOn = line === null || line.children.every(({ child }) => child.state === 'active');
  const ends = isOn ? (line?.ends ?? null) : epochSeconds(0);
  // Its children's sessions must not outlast its own.
  if (records.some((one) => goesOnLonger(one, license.term, wall))) return false;
  const dates = [...(ends === null ? [] : [ends]), ...records.flatMap(datesOf)];
  return [...shelf.pools()].every((pool) => {
    if (pool.licenseId !== license.id) return true;
    const { class: name, lent } = pool;
    const grant = license.pools.find((one) => one.class === name);
    const seats = (time: EpochSeconds): number =>
      grant === undefined || (ends !== null && time >= ends) ? 0 : seatsAt(grant, time);
    const count = (seatsOf: (record: ChildRecord) => number): number =>
      records.reduce((sum, record) => sum + seatsOf(record), 0);
    const now = count((record) => allottedTo(record, name, seconds(0), wall));
    if (lent + now > seats(wall)) return false;
    const later = [...dates, ...stageTimes(grant?.stages ?? [], wall)].filter(
      (time) => time > wall,
    );
    return later.every((time) => count((one) => promisedTo(one, name, time)) <= seats(time));
  });
};

const goesOnLonger = (record: ChildRecord, term: number, wall: EpochSeconds): boolean =>
  record.promises.some(
    (one) => one.pools.length > 0 && one.longest > term && !isPast(record, one, wall),
  );

const stageTimes = (
  stages: Parameters<typeof nextStageChange>[0],
  wall: EpochSeconds,
): readonly EpochSeconds[] => {
  const times: EpochSeconds[] = [];
  for (let at = nextStageChange(stages, wall); at !== undefined; ) {
    times.push(at);
    at = nextStageChange(stages, at);
  }
  return times;
};
