/** When seats are in use: by weekday and hour of where the reader is. */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { UsageSlice } from '../../core/usage/usage-report.ts';
import { hourOfDay, number, percent, t, weekdayName } from '../text.ts';
import { rowsOf } from './usage-span.ts';

const HOURS = 24;
const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;
const HOUR_S = 3600;
/** Shades that can be told apart. */
const SHADES = 8;

interface HeatMapProps {
  readonly slices: readonly UsageSlice[];
  readonly pool: string;
}

interface Cell {
  readonly lent: number;
  readonly licensed: number;
  readonly hours: number;
}

export const HeatMap = ({ slices, pool }: HeatMapProps) => {
  const cells = cellsOf(slices, pool);
  const most = Math.max(...cells.map(({ lent, hours }) => (hours === 0 ? 0 : lent / hours)), 1e-9);
  return (
    <div class="heat">
      <table>
        <caption class="hidden">{t('use.heat')}</caption>
        <thead>
          <tr>
            <th />
            {Array.from({ length: HOURS }, (_, hour) => (
              <th key={hour} scope="col" class={hour % 6 === 0 ? '' : 'minor'}>
                <span>{hourOfDay(hour)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {WEEK.map((weekday) => (
            <tr key={weekday}>
              <th scope="row">{weekdayName(weekday)}</th>
              {Array.from({ length: HOURS }, (_, hour) => {
                const cell = cells[weekday * HOURS + hour];
                return cell === undefined ? null : <HeatCell key={hour} cell={cell} most={most} />;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const HeatCell = ({ cell, most }: { readonly cell: Cell; readonly most: number }) => {
  const { lent, licensed, hours } = cell;
  if (hours === 0) return <td />;
  const isLimited = licensed > 0 && licensed / hours < SEATS_UNLIMITED;
  // Of the seats there are, or where there is no limit of the busiest hour.
  const share = isLimited ? lent / licensed : lent / hours / most;
  const words = isLimited ? percent(share) : number(Math.round((lent / hours) * 10) / 10);
  return (
    <td class={`shade-${Math.min(SHADES, Math.ceil(share * SHADES))}`} title={words}>
      <span class="hidden">{words}</span>
    </td>
  );
};

const cellsOf = (slices: readonly UsageSlice[], pool: string): readonly Cell[] => {
  const cells = Array.from({ length: 7 * HOURS }, () => ({ lent: 0, licensed: 0, hours: 0 }));
  const index = (start: number): number => {
    const date = new Date(start * 1000);
    return date.getDay() * HOURS + date.getHours();
  };
  // Hours in which nothing was lent count too: they have no row.
  for (const { start } of slices) {
    const cell = cells[index(start)];
    if (cell !== undefined) cell.hours++;
  }
  const rows = rowsOf(slices, pool);
  let licensed = rows[0]?.[1].licensed ?? 0;
  const byStart = new Map(rows);
  for (const { start } of slices) {
    const row = byStart.get(start);
    licensed = row?.licensed ?? licensed;
    const cell = cells[index(start)];
    if (cell === undefined) continue;
    cell.licensed += licensed;
    cell.lent += (row?.seatSeconds ?? 0) / HOUR_S;
  }
  return cells;
};
