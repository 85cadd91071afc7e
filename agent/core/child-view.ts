/** Child licenses as people see them. */

import { hostCodeToText } from '../../protocol/host-code.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import { seatsAt } from '../../protocol/stages.ts';
import { type EpochSeconds, seconds } from '../../protocol/units.ts';
import { allottedTo, leadOf } from './child-ledger.ts';
import type { ChildPoolView, ChildView } from './child-operations.ts';
import { type ChildRecord, isUpToDate } from './child-record.ts';
import type { LicenseShelf } from './license-shelf.ts';

export interface ChildViewParts {
  readonly shelf: LicenseShelf;
  readonly primitives: Primitives;
}

export const viewChild = (
  { shelf, primitives }: ChildViewParts,
  record: ChildRecord,
  wall: EpochSeconds,
): ChildView => {
  const { terms, caller, promises, state } = record;
  const license = shelf.get(shelf.heirOf(record.of))?.license;
  const lead = license === undefined ? seconds(0) : leadOf(license);
  const isOn = state === 'active' && (terms.expires === null || wall < terms.expires);
  const pools = terms.pools.map(
    (pool): ChildPoolView => ({
      ...pool,
      now: isOn ? seatsAt(pool, wall) : 0,
      allotted: allottedTo(record, pool.class, lead, wall),
    }),
  );
  const { hostCode } = terms;
  return {
    id: record.id,
    license: license?.id ?? record.of,
    product: record.product,
    account: terms.account,
    state,
    parent: terms.parent,
    longest: terms.longest,
    children: terms.children,
    silent: record.silent,
    hostCode: hostCode === null ? null : hostCodeToText(hostCode, primitives.sha512),
    pools,
    expires: terms.expires,
    created: record.created,
    hostName: caller?.hostName ?? null,
    version: caller?.version ?? null,
    seen: record.seen,
    upToDate: isUpToDate(record),
    ends: promises.some(({ ends }) => ends === null)
      ? null
      : latest(promises.map(({ ends }) => ends)),
  };
};

const latest = (dates: readonly (EpochSeconds | null)[]): EpochSeconds | null =>
  dates.reduce(
    (last, date) => (last === null || (date !== null && date > last) ? date : last),
    null,
  );
