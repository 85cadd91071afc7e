/** What a customer has. */

import { useState } from 'preact/hooks';
import type { LicenseSummary } from '../../../vendor/master/master-operations.ts';
import { attempt } from '../../parts/attempt.ts';
import { saveFile } from '../../parts/save-file.ts';
import { count, t } from '../../text.ts';
import { askMaster, useMaster } from '../master-api.ts';
import { PagedTable, ROWS, SearchTools, useSearch } from '../paged.tsx';
import { activeOn, endOf, LicenseBadge, promiseOf, shortId } from '../parts/license-words.tsx';

/** More are shown as a table. */
const CARDS_MAX = 12;

export const MyLicensesPage = () => {
  const search = useSearch();
  const [isAll, setAll] = useState(false);
  const { settled, from } = search;
  const found = useMaster('licenses', {
    kind: 'license-list',
    text: settled,
    state: isAll ? null : 'current',
    from,
    most: ROWS,
  });
  const isMany = settled !== '' || (found?.total ?? 0) > CARDS_MAX;
  return (
    <>
      <h1>
        {t('nav.mine.licenses')}{' '}
        <small>{found === undefined ? '' : count('licenses', found.total)}</small>
      </h1>
      <div class="tools-line">
        {isMany ? <SearchTools search={search} hint={t('my.hint')} /> : null}
        <label class="check">
          <input
            type="checkbox"
            checked={isAll}
            onChange={(event) => {
              setAll(event.currentTarget.checked);
              search.setFrom(0);
            }}
          />
          <span>{t('my.all')}</span>
        </label>
      </div>
      {isMany || found === undefined || found.total === 0 ? (
        <PagedTable
          label={t('nav.mine.licenses')}
          columns={columnsOf()}
          rows={found?.licenses}
          total={found?.total ?? 0}
          rowId={({ id }) => id}
          empty={t(settled === '' ? 'my.none' : 'list.noneFits')}
          search={search}
        />
      ) : (
        <ul class="licenses">
          {found.licenses.map((license) => (
            <Card key={license.id} license={license} />
          ))}
        </ul>
      )}
    </>
  );
};

const columnsOf = () => [
  {
    title: t('seat.product'),
    cell: ({ id, product }: LicenseSummary) => (
      <>
        <a href={`#/license/${id}`}>
          <strong>{product}</strong>
        </a>{' '}
        <small>{shortId(id)}</small>
      </>
    ),
    width: 'minmax(140px, 1.4fr)',
    narrow: 1 as const,
  },
  {
    title: t('my.project'),
    cell: ({ project }: LicenseSummary) => project || '–',
    width: 'minmax(100px, 1fr)',
    narrow: 2 as const,
  },
  {
    title: t('seat.state'),
    cell: (one: LicenseSummary) => <LicenseBadge {...one} />,
    width: '118px',
    narrow: 'aside' as const,
  },
  { title: t('my.active'), cell: activeOn, width: 'minmax(90px, 1fr)' },
  { title: t('my.ends'), cell: endOf, width: '120px' },
];

const Card = ({ license }: { readonly license: LicenseSummary }) => {
  const { id, product, project, expires, reason } = license;
  const download = (): Promise<boolean> =>
    attempt(async () => {
      const { text } = await askMaster('license', { kind: 'license-show', license: id });
      saveFile(`${product}-${id.slice(0, 8)}.txt`, 'text/plain', text);
    });
  return (
    <li class="card license">
      <div class="title">
        <h2>
          <a href={`#/license/${id}`}>{product}</a>
        </h2>
        <LicenseBadge {...license} />
        {project === '' ? null : <span class="badge">{project}</span>}
      </div>
      <p class="promise">
        {promiseOf(license)}
        <span class="muted">
          {' · '}
          {expires === null ? t('lic.endsNever') : t('lic.ends', { when: endOf(license) })}
        </span>
      </p>
      {reason === '' ? null : <p class="fault">{t('my.reason', { reason })}</p>}
      <p class="muted">{t('my.computers', { on: activeOn(license) })}</p>
      <div class="actions start">
        <button type="button" class="quiet" onClick={download}>
          {t('my.download')}
        </button>
        <a class="button quiet" href={`#/license/${id}`}>
          {t('lic.details')}
        </a>
      </div>
    </li>
  );
};
