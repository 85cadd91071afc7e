/** What has happened lately. */

import { useMemo, useState } from 'preact/hooks';
import type { RecentView, ServiceView } from '../../admin/web/service-view.ts';
import { ask } from '../api.ts';
import { attempt } from '../parts/attempt.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { useMay } from '../parts/session.ts';
import { toast } from '../parts/toast.tsx';
import { instant, moment, t } from '../text.ts';
import { useAnswer, useOperation } from '../views.ts';

type Entry = RecentView['entries'][number];

const COLUMNS = (): readonly TableColumn<Entry>[] => [
  { title: t('log.time'), cell: ({ at }) => instant(at), width: '190px', narrow: 2 },
  {
    title: t('log.sentence'),
    cell: ({ sentence, warning }) => (
      <span title={sentence}>
        {warning ? <span class="badge warn">{t('log.warning')}</span> : null} {sentence}
      </span>
    ),
    width: 'minmax(0, 1fr)',
    narrow: 1,
  },
];

export const LogPage = () => {
  const recent = useAnswer<RecentView>('/api/recent');
  const mayChange = useMay('administrator');
  const [text, setText] = useState('');
  const [isWarnings, setWarnings] = useState(false);
  const columns = useMemo(COLUMNS, []);
  const shown = useMemo(
    () =>
      (recent?.entries ?? [])
        .filter(
          ({ sentence, warning }) =>
            (warning || !isWarnings) && sentence.toLowerCase().includes(text.toLowerCase()),
        )
        .toReversed(),
    [recent, text, isWarnings],
  );
  return (
    <>
      <h1>{t('nav.log')}</h1>
      <div class="tools">
        <input
          type="search"
          aria-label={t('do.search')}
          placeholder={t('log.searchHint')}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={isWarnings}
            onChange={(event) => setWarnings(event.currentTarget.checked)}
          />
          <span>{t('log.warnings')}</span>
        </label>
      </div>
      <DataTable
        isProse
        label={t('nav.log')}
        columns={columns}
        rows={shown}
        rowId={({ number }) => String(number)}
        empty={t('log.none')}
      />
      {mayChange ? <Calls /> : null}
    </>
  );
};

const RECORD_HOURS = 24;

/** Calls to masters, written down in full where they do not work. */
const Calls = () => {
  const calls = useAnswer<ServiceView>('/api/service')?.calls;
  const masters = useOperation({ kind: 'status' })?.status.masters ?? [];
  if (calls === undefined || masters.length === 0) return null;
  const { file, until } = calls;
  const record = (hours: number): Promise<boolean> =>
    attempt(async () => {
      await ask({ kind: 'log-record', hours });
      toast(hours === 0 ? t('log.calls.stopped') : t('log.calls.begun'));
    });
  return (
    <section class="card">
      <h2>{t('log.calls')}</h2>
      <p class="muted">
        {until === null ? t('log.calls.lead') : t('log.calls.until', { file, when: moment(until) })}
      </p>
      <div class="actions start">
        <button
          type="button"
          class="quiet"
          onClick={() => record(until === null ? RECORD_HOURS : 0)}
        >
          {t(until === null ? 'log.calls.record' : 'log.calls.stop')}
        </button>
      </div>
    </section>
  );
};
