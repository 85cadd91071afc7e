/** The most seats in use on each day, as columns under the line of those licensed. */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import { DAY, deniedOf, type UsageSlice } from '../../core/usage/usage-report.ts';
import { day, number, t } from '../text.ts';
import { rowsOf } from './usage-span.ts';

interface PeakChartProps {
  readonly label: string;
  readonly slices: readonly UsageSlice[];
  readonly pool: string;
  /** Days of UTC since 1970, both included. */
  readonly from: number;
  readonly to: number;
}

interface Column {
  readonly at: number;
  readonly peak: number;
  /** `null`: no limit. */
  readonly licensed: number | null;
  readonly denied: number;
  readonly isFull: boolean;
}

export const PeakChart = ({ label, slices, pool, from, to }: PeakChartProps) => {
  const columns = columnsOf(slices, pool, from, to);
  const most = Math.max(1, ...columns.map(({ peak, licensed }) => Math.max(peak, licensed ?? 0)));
  const top = Math.max(...columns.map(({ peak }) => peak));
  const tall = (value: number): string => `${(value / most) * 100}%`;
  return (
    <figure class="peaks" role="img" aria-label={t('use.peaks.label', { label, most: top })}>
      <div class="scale" aria-hidden="true">
        <span>{number(most)}</span>
        <span>0</span>
      </div>
      <div class="plot" aria-hidden="true">
        {columns.map((one) => (
          <span key={one.at} title={titleOf(one)}>
            {one.licensed === null || one.licensed === 0 ? null : (
              <b style={{ bottom: tall(one.licensed) }} />
            )}
            {one.denied > 0 ? <u style={{ bottom: tall(one.peak) }} /> : null}
            <i class={one.isFull ? 'full' : ''} style={{ height: tall(one.peak) }} />
          </span>
        ))}
      </div>
      <div class="days" aria-hidden="true">
        <span>{day(from * DAY)}</span>
        <span>{day(Math.round((from + to) / 2) * DAY)}</span>
        <span>{day(to * DAY)}</span>
      </div>
    </figure>
  );
};

const columnsOf = (
  slices: readonly UsageSlice[],
  pool: string,
  from: number,
  to: number,
): readonly Column[] => {
  const rows = new Map(rowsOf(slices, pool).map(([start, row]) => [Math.floor(start / DAY), row]));
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const at = from + i;
    const row = rows.get(at);
    const licensed = row?.licensed ?? 0;
    return {
      at,
      peak: row?.peak ?? 0,
      licensed: licensed >= SEATS_UNLIMITED ? null : licensed,
      denied: row === undefined ? 0 : deniedOf(row),
      isFull: (row?.fullSeconds ?? 0) > 0,
    };
  });
};

const titleOf = ({ at, peak, licensed, denied }: Column): string =>
  [
    `${day(at * DAY)}: ${
      licensed === null
        ? t('over.noLimit', { used: peak })
        : t('over.inUse', { used: peak, total: licensed })
    }`,
    ...(denied === 0 ? [] : [t('use.deniedTimes', { n: denied })]),
  ].join(', ');
