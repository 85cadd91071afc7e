/** "Do we need more seats?" on one page: what was used, when, by whom, and who found none. */

import { useState } from 'preact/hooks';
import { REFUSALS } from '../../../protocol/refusal.ts';
import { DAY, type PersonUsage, sumDenials, sumPools } from '../../core/usage/usage-report.ts';
import { csvCell, csvText } from '../parts/names.ts';
import { saveFile } from '../parts/save-file.ts';
import { day, number, percent, say, t } from '../text.ts';
import { Answers, byNeed, poolName } from '../usage/answers.tsx';
import { type Bar, Bars } from '../usage/bars.tsx';
import { HeatMap } from '../usage/heat-map.tsx';
import { PeakChart } from '../usage/peak-chart.tsx';
import { poolKey, today, type UsageSpan, useUsage } from '../usage/usage-span.ts';

const SPANS = [7, 30, 90, 365] as const;
/** The agent tells the hours of so many days apart, and that is a picture of a week enough. */
const HEAT_DAYS = 90;

export const UsagePage = () => {
  const [days, setDays] = useState<number>(30);
  const [chosen, choose] = useState('');
  const to = today();
  const from = to - days + 1;
  const byDay = useUsage(from, to, false);
  const byHour = useUsage(Math.max(from, to - HEAT_DAYS + 1), to, true);
  const pools = [...sumPools(byDay?.slices ?? [], days)]
    .filter(({ licensed, seatHours }) => licensed !== 0 || seatHours > 0)
    .sort(byNeed);
  const shown = pools.find((one) => poolKey(one) === chosen) ?? pools[0];
  return (
    <div class="usage">
      <h1>
        {t('nav.usage')}{' '}
        <small>{t('use.range', { from: day(from * DAY), to: day(to * DAY) })}</small>
      </h1>
      <div class="tools">
        <select
          aria-label={t('use.span')}
          value={days}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
        >
          {SPANS.map((one) => (
            <option key={one} value={one}>
              {t('use.lastDays', { n: one })}
            </option>
          ))}
        </select>
        <button type="button" class="quiet" onClick={() => print()}>
          {t('use.print')}
        </button>
        <button
          type="button"
          class="quiet"
          disabled={byDay === undefined}
          onClick={() => byDay && saveUsage(byDay)}
        >
          {t('user.export')}
        </button>
      </div>
      {byDay === undefined ? <p class="empty">{t('app.loading')}</p> : null}
      {byDay !== undefined && shown === undefined ? <p class="empty">{t('use.none')}</p> : null}
      {byDay === undefined || shown === undefined ? null : (
        <>
          <section class="card">
            <h2>{t('use.question')}</h2>
            <Answers pools={pools} chosen={poolKey(shown)} choose={choose} />
          </section>
          <section class="card">
            <h2>
              {t('use.peaks')} <small>{poolName(shown)}</small>
            </h2>
            <PeakChart
              label={poolName(shown)}
              slices={byDay.slices}
              pool={poolKey(shown)}
              from={from}
              to={to}
            />
          </section>
          <section class="card">
            <h2>
              {t('use.heat')} <small>{poolName(shown)}</small>
            </h2>
            <HeatMap slices={byHour?.slices ?? []} pool={poolKey(shown)} />
          </section>
          <div class="pair">
            <section class="card">
              <h2>{t('use.refusals')}</h2>
              <Bars bars={refusalBars(byDay)} empty={t('over.noRefusals')} />
            </section>
            <section class="card">
              <h2>{t('use.idle')}</h2>
              <Bars bars={idleBars(byDay.users)} empty={t('use.idle.none')} />
            </section>
          </div>
        </>
      )}
    </div>
  );
};

const refusalBars = ({ slices }: UsageSpan): readonly Bar[] =>
  sumDenials(slices).map((one) => ({
    key: `${poolKey(one)} ${one.code}`,
    words: (
      <>
        <strong>{poolName(one)}</strong>{' '}
        <small>{say('refusal', one.code, REFUSALS[one.code].sentence)}</small>
      </>
    ),
    value: one.count,
    figure: t('use.times', { n: one.count }),
  }));

/** Who holds without using; the whole bar is how long they held. */
const idleBars = (users: readonly PersonUsage[]): readonly Bar[] =>
  users
    .filter(({ idleSeconds }) => idleSeconds > 0)
    .sort((one, other) => other.idleSeconds - one.idleSeconds)
    .map((one) => ({
      key: `${one.product}\n${one.name}`,
      words: (
        <>
          <strong>{one.name}</strong> <small>{one.product}</small>
        </>
      ),
      value: one.seatSeconds,
      strong: one.idleSeconds,
      figure: t('use.idle.of', {
        share: percent(one.idleSeconds / Math.max(1, one.seatSeconds)),
        hours: number(Math.round(one.seatSeconds / 3600)),
      }),
    }));

/** The days of all pools, as `usage report peaks --csv` writes them. */
const saveUsage = ({ slices }: UsageSpan): void => {
  const rows = slices.flatMap(({ start, rows: pools }) =>
    pools.map((one) =>
      [
        new Date(start * 1000).toISOString().slice(0, 10),
        csvCell(one.product),
        csvCell(one.class),
        one.peak,
        one.licensed,
        one.seatSeconds / 3600,
        one.fullSeconds / 3600,
        one.counts.granted,
        [...one.refusals.values()].reduce((sum, n) => sum + n, 0),
      ].join(','),
    ),
  );
  const head = 'day,product,class,peak,seats,seat_hours,hours_full,granted,refused';
  saveFile('usage.csv', 'text/csv', csvText(head, rows));
};
