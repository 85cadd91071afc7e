/** "Do we need more seats?", answered for each class of each product. */

import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { PoolSummary, SeatNeed } from '../../core/usage/usage-report.ts';
import { day, number, percent, t } from '../text.ts';
import { poolKey } from './usage-span.ts';

const TONES: Readonly<Record<SeatNeed, string>> = {
  more: 'bad',
  just: 'warn',
  enough: 'good',
  'no-limit': 'plain',
  'no-seat': 'plain',
};

/** Those that need seats first. */
const RANKS: readonly SeatNeed[] = ['more', 'just', 'enough', 'no-limit', 'no-seat'];
export const byNeed = (one: PoolSummary, other: PoolSummary): number =>
  RANKS.indexOf(one.need) - RANKS.indexOf(other.need) || other.peak - one.peak;

export const poolName = (one: Pick<PoolSummary, 'product' | 'class'>): string =>
  one.class === GENERIC_CLASS ? one.product : `${one.product}, ${one.class}`;

interface AnswersProps {
  readonly pools: readonly PoolSummary[];
  readonly chosen: string;
  readonly choose: (pool: string) => void;
}

export const Answers = ({ pools, chosen, choose }: AnswersProps) => (
  <ul class="answers">
    {pools.map((one) => (
      <li key={poolKey(one)} class={poolKey(one) === chosen ? 'chosen' : ''}>
        <div class="title">
          <button
            type="button"
            aria-pressed={poolKey(one) === chosen}
            onClick={() => choose(poolKey(one))}
          >
            {poolName(one)}
          </button>
          <span class={`badge ${TONES[one.need]}`}>{t(`use.need.${one.need}`)}</span>
        </div>
        <p>{answerWords(one)}</p>
      </li>
    ))}
  </ul>
);

/** The answer in the reader's language, with what it rests on. */
const answerWords = (one: PoolSummary): string => {
  const { licensed, peak, peakAt, fullHours, fullDays, denied, waited, usedShare } = one;
  if (licensed === null) return t('use.answer.no-limit', { peak });
  const inUse = t('use.answer.peak', {
    peak,
    licensed,
    when: peakAt === null ? '' : day(peakAt),
  });
  const share = usedShare === null ? [] : [t('use.answer.share', { share: percent(usedShare) })];
  const full =
    fullDays === 0
      ? []
      : [t('use.answer.full', { hours: number(Math.round(fullHours * 10) / 10), days: fullDays })];
  return [
    inUse,
    ...share,
    ...full,
    ...(denied === 0 ? [] : [t('use.answer.denied', { n: denied })]),
    ...(waited === 0 ? [] : [t('use.answer.waited', { n: waited })]),
  ].join(' ');
};
