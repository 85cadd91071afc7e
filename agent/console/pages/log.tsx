/** What has happened lately. */

import { useMemo, useState } from 'preact/hooks';
import type { RecentView } from '../../admin/web/service-view.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { instant, t } from '../text.ts';
import { useAnswer } from '../views.ts';

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
    </>
  );
};
