/** Whether the seats that a child is to have are there: now, and at every stage to come. */

import type { LicenseId } from '../../../protocol/ids.ts';
import { seatsAt } from '../../../protocol/stages.ts';
import type { EpochSeconds, Seconds } from '../../../protocol/units.ts';
import type { LicenseShelf, ShelvedLicense } from '../licenses/license-shelf.ts';
import { allottedTo, leadOf, nextAllotmentChange } from './child-ledger.ts';
import type { ChildRecord } from './child-record.ts';

/** Seats of a class are missing. */
export interface Lack {
  readonly class: string;
  readonly missing: number;
  /** When they are missing first; `null` for now, as they are lent. */
  readonly at: EpochSeconds | null;
}

export interface HeadroomParts {
  readonly shelf: LicenseShelf;
  readonly children: { all(): Iterable<ChildRecord> };
}

/** Times that are looked at: more stages than that are no plan. */
const TIMES_MAX = 4096;

/**
 * What is missing when `after` takes the place of `before`, which may be nothing; only classes of which
 * it gets more are looked at. The records hold `after` already.
 */
export const findLack = (
  { shelf, children }: HeadroomParts,
  shelved: ShelvedLicense,
  before: ChildRecord | undefined,
  after: ChildRecord,
  wall: EpochSeconds,
): Lack | undefined => {
  const { license, pools } = shelved;
  const lead = leadOf(license);
  const records = [...children.all()].filter(({ of }) => shelf.heirOf(of) === license.id);
  const times = timesFrom(shelf, after, lead, wall);
  for (const [i, grant] of license.pools.entries()) {
    for (const time of times) {
      const had = before === undefined ? 0 : allottedTo(before, grant.class, lead, time);
      if (allottedTo(after, grant.class, lead, time) <= had) continue;
      const total = records.reduce((sum, one) => sum + allottedTo(one, grant.class, lead, time), 0);
      const lent = time === wall ? (pools[i]?.lent ?? 0) : 0;
      const missing = total + lent - seatsAt(grant, time);
      if (missing <= 0) continue;
      return { class: grant.class, missing, at: total > seatsAt(grant, time) ? time : null };
    }
  }
  return undefined;
};

/** Now, and every time at which seats change, those of a record that is not kept yet among them. */
const timesFrom = (
  shelf: LicenseShelf,
  record: ChildRecord,
  lead: Seconds,
  wall: EpochSeconds,
): readonly EpochSeconds[] => {
  const times = [wall];
  for (let at: EpochSeconds = wall; times.length < TIMES_MAX; ) {
    const next = earliest(shelf.nextChange(at), nextAllotmentChange(record, lead, at));
    if (next === undefined) break;
    times.push(next);
    at = next;
  }
  return times;
};

const earliest = (
  one: EpochSeconds | undefined,
  other: EpochSeconds | undefined,
): EpochSeconds | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
};

/** Child licenses of a license that count: those that are removed and over do not. */
export const countChildren = ({ shelf, children }: HeadroomParts, license: LicenseId): number =>
  [...children.all()].filter(({ of, state }) => state !== 'removed' && shelf.heirOf(of) === license)
    .length;
