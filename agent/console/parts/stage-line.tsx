/** How many seats there are when, as a line of time. */

import { GENERIC_CLASS, type PoolGrant } from '../../../protocol/license.ts';
import { seatsAt } from '../../../protocol/stages.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import { count, day, t } from '../text.ts';

interface StageLineProps {
  readonly pool: PoolGrant;
  readonly license: Lifetime;
}

/** From when on it is valid, and when it ends. */
interface Lifetime {
  readonly starts: number;
  readonly ends: number | null;
}

interface Part {
  readonly from: number;
  readonly until: number;
  readonly seats: number;
}

const MONTH_S = 30 * 86_400;

export const StageLine = ({ pool, license }: StageLineProps) => {
  const parts = partsOf(pool, license);
  const most = Math.max(1, ...parts.map(({ seats }) => seats));
  const now = Date.now() / 1000;
  const name = pool.class === GENERIC_CLASS ? '' : ` (${pool.class})`;
  return (
    <figure class="stages">
      <figcaption>
        {t('lic.stages')}
        {name}
      </figcaption>
      <ol>
        {parts.map(({ from, until, seats }) => (
          <li
            key={from}
            class={from <= now && now < until ? 'now' : ''}
            style={{ flexGrow: until - from, '--height': seats / most }}
          >
            <span>{count('seats', seats)}</span>
            <small>{day(from)}</small>
          </li>
        ))}
      </ol>
    </figure>
  );
};

/** From the license's first day to its last, or a month past its last change. */
const partsOf = (pool: PoolGrant, { starts, ends }: Lifetime): readonly Part[] => {
  const changes = pool.stages.flatMap(({ from, until }) =>
    until === null ? [from] : [from, until],
  );
  const last = ends ?? Math.max(starts, ...changes, Date.now() / 1000) + MONTH_S;
  const bounds = [...new Set([starts, ...changes.filter((at) => at > starts && at < last), last])];
  bounds.sort((one, other) => one - other);
  return bounds.slice(0, -1).map((from, i) => ({
    from,
    until: bounds[i + 1] ?? last,
    seats: seatsAt(pool, from as EpochSeconds),
  }));
};
