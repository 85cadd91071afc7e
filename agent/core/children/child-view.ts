/** Child licenses as people see them. */

import type { ChildPool } from '../../../protocol/child-license.ts';
import { hostCodeToText } from '../../../protocol/host-code.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { seatsAt } from '../../../protocol/stages.ts';
import { type EpochSeconds, seconds } from '../../../protocol/units.ts';
import { type FitParts, fitPools } from './child-fit.ts';
import { allottedTo, leadOf } from './child-ledger.ts';
import type { ChildMaker } from './child-maker.ts';
import type { ChildPoolView, ChildView } from './child-operations.ts';
import { type ChildRecord, isUpToDate } from './child-record.ts';

export interface ChildViewParts extends FitParts {
  readonly primitives: Primitives;
  readonly maker: ChildMaker;
}

export const viewChild = (
  parts: ChildViewParts,
  record: ChildRecord,
  wall: EpochSeconds,
): ChildView => {
  const { shelf, primitives, maker } = parts;
  const { terms, caller, promises, state } = record;
  const root = shelf.get(shelf.heirOf(record.of));
  const license = root?.license;
  const fit = root === undefined ? [] : fitPools(parts, root, record, wall);
  const lead = license === undefined ? seconds(0) : leadOf(license);
  const isOn = state === 'active' && (terms.expires === null || wall < terms.expires);
  const pools = terms.pools.map(
    (pool): ChildPoolView => ({
      ...pool,
      now: isOn ? seatsOf(fit, pool.class, wall) : 0,
      wanted: isOn ? seatsAt(pool, wall) : 0,
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
    upToDate: isUpToDate(record) && maker.isCurrent(record, wall),
    ends: promises.some(({ ends }) => ends === null)
      ? null
      : latest(promises.map(({ ends }) => ends)),
  };
};

const seatsOf = (pools: readonly ChildPool[], name: string, wall: EpochSeconds): number => {
  const pool = pools.find((one) => one.class === name);
  return pool === undefined ? 0 : seatsAt(pool, wall);
};

const latest = (dates: readonly (EpochSeconds | null)[]): EpochSeconds | null =>
  dates.reduce(
    (last, date) => (last === null || (date !== null && date > last) ? date : last),
    null,
  );
