/** Used of total, at a glance and as numbers. */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import { number, t } from '../text.ts';

/** Up to so many seats each has its own place in the bar. */
const CELLS_MAX = 40;

interface SeatBarProps {
  readonly label: string;
  readonly used: number;
  readonly total: number;
  readonly isSmall?: boolean;
}

export const SeatBar = ({ label, used, total, isSmall }: SeatBarProps) => {
  const isUnlimited = total >= SEATS_UNLIMITED;
  const share = isUnlimited
    ? used > 0
      ? 8
      : 0
    : total === 0
      ? 0
      : Math.min(100, (used / total) * 100);
  const tone = isUnlimited || used < total || total === 0 ? 'fine' : used > total ? 'over' : 'full';
  const words = isUnlimited ? t('over.noLimit', { used }) : t('over.inUse', { used, total });
  const cells = total <= CELLS_MAX && total > 1 ? { '--cells': total } : {};
  return (
    <div class={`seat-bar ${isSmall ? 'small' : ''}`}>
      <div
        class={`bar ${tone} ${total <= CELLS_MAX && total > 1 ? 'cells' : ''}`}
        role="img"
        aria-label={`${label}: ${words}`}
        style={cells}
      >
        <span style={{ width: `${share}%` }} />
      </div>
      {isSmall ? (
        <span class="figure">
          {isUnlimited ? number(used) : `${number(used)}/${number(total)}`}
        </span>
      ) : null}
    </div>
  );
};
