/** The most seats of a product in use in each hour of today, as a curve from midnight to midnight. */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import { DAY } from '../../core/usage/usage-report.ts';
import { hourOfDay, number, t } from '../text.ts';
import { today, useUsage } from '../usage/usage-span.ts';

const HOURS = 24;
const HOUR_S = 3600;
const [WIDTH, HEIGHT] = [240, 40] as const;

const midnight = (): number => new Date().setHours(0, 0, 0, 0) / 1000;

interface TodayCurveProps {
  readonly product: string;
  readonly used: number;
  readonly total: number;
}

export const TodayCurve = ({ product, used, total }: TodayCurveProps) => {
  const start = midnight();
  const usage = useUsage(Math.floor(start / DAY), today(), true);
  const now = Math.floor((Date.now() / 1000 - start) / HOUR_S);
  const hours = Array.from({ length: Math.min(HOURS, now + 1) }, () => 0);
  for (const slice of usage?.slices ?? []) {
    const hour = Math.floor((slice.start - start) / HOUR_S);
    if (hour < 0 || hour >= hours.length) continue;
    hours[hour] = slice.rows
      .filter((row) => row.product === product)
      .reduce((sum, { peak }) => sum + peak, 0);
  }
  // Of this hour more is known already than the agent has written down.
  hours[hours.length - 1] = Math.max(hours.at(-1) ?? 0, used);
  const peak = Math.max(...hours);
  const limit = total > 0 && total < SEATS_UNLIMITED ? total : null;
  const most = Math.max(1, peak, limit ?? 0);
  const [x, y] = [WIDTH / HOURS, (HEIGHT - 3) / most];
  const line = hours.map((n, i) => `${i * x},${HEIGHT - n * y} ${(i + 1) * x},${HEIGHT - n * y}`);
  const end = hours.length * x;
  return (
    <figure class="today">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('over.today', { product, peak: number(peak) })}
      >
        <polygon points={`0,${HEIGHT} ${line.join(' ')} ${end},${HEIGHT}`} />
        <polyline points={line.join(' ')} />
        {limit === null ? null : (
          <line x1="0" x2={WIDTH} y1={HEIGHT - limit * y} y2={HEIGHT - limit * y} />
        )}
      </svg>
      <figcaption aria-hidden="true">
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour}>{hourOfDay(hour % HOURS)}</span>
        ))}
      </figcaption>
    </figure>
  );
};
