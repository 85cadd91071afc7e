/** What was done at this master, when and by whom. */

import { useMemo, useState } from 'preact/hooks';
import type { AuditLine } from '../../../vendor/master/audit-line.ts';
import type { TableColumn } from '../../parts/data-table.tsx';
import { count, moment, say, t } from '../../text.ts';
import { useMaster } from '../master-api.ts';
import { PagedTable, ROWS } from '../paged.tsx';
import { shortId } from '../parts/license-words.tsx';

const columnsOf = (): readonly TableColumn<AuditLine>[] => [
  { title: t('log.time'), cell: ({ at }) => moment(at), width: '150px', narrow: 2 },
  {
    title: t('audit.what'),
    cell: ({ kind, detail, license }) => (
      <span title={detail}>
        <span class="badge">{say('audit.kind', kind)}</span> {detail}{' '}
        {license === null ? null : <a href={`#/license/${license}`}>{shortId(license)}</a>}
      </span>
    ),
    width: 'minmax(0, 3fr)',
    narrow: 1,
  },
  {
    title: t('audit.who'),
    cell: ({ who }) => <span title={who}>{who}</span>,
    width: 'minmax(0, 1fr)',
  },
];

export const AuditPage = () => {
  const [from, setFrom] = useState(0);
  const newest = useMaster('audit', { kind: 'audit', most: 1 });
  const last = newest?.last ?? 0;
  // The oldest lines are not kept.
  const kept = last - (newest?.first ?? 1) + 1;
  // A page from the end: the line before its first one, and how many follow.
  const end = Math.max(0, last - from);
  const after = Math.max(0, end - ROWS);
  const found = useMaster('audit', { kind: 'audit', after, most: Math.max(1, end - after) });
  const columns = useMemo(columnsOf, []);
  const rows = useMemo(
    () => found?.lines.filter(({ number }) => number <= end).toReversed(),
    [found, end],
  );
  return (
    <>
      <h1>
        {t('nav.clerk.audit')} <small>{newest === undefined ? '' : count('lines', kept)}</small>
      </h1>
      <PagedTable
        isProse
        label={t('nav.clerk.audit')}
        columns={columns}
        rows={newest === undefined ? undefined : rows}
        total={kept}
        rowId={({ number }) => String(number)}
        empty={t('audit.none')}
        search={{ from, setFrom }}
      />
    </>
  );
};
