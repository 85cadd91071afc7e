/** Every license that was issued: to be found by customer, product, number and state. */

import { useMemo, useState } from 'preact/hooks';
import type { LicenseSummary } from '../../../vendor/master/master-operations.ts';
import type { TableColumn } from '../../parts/data-table.tsx';
import { count, say, t } from '../../text.ts';
import { useMaster } from '../master-api.ts';
import { PagedTable, ROWS, SearchTools, useSearch } from '../paged.tsx';
import { activeOn, endOf, LicenseBadge, Seats, shortId } from '../parts/license-words.tsx';

const STATES = ['active', 'suspended', 'revoked', 'superseded', 'expired'] as const;

export const licenseColumns = (): readonly TableColumn<LicenseSummary>[] => [
  {
    title: t('seat.product'),
    cell: ({ id, product }) => (
      <>
        <a href={`#/license/${id}`}>
          <strong>{product}</strong>
        </a>{' '}
        <small>{shortId(id)}</small>
      </>
    ),
    width: 'minmax(150px, 1.6fr)',
    narrow: 1,
  },
  {
    title: t('lic.customer'),
    cell: ({ customerName, customer }) =>
      customer === null ? customerName : <a href={`#/customer/${customer}`}>{customerName}</a>,
    width: 'minmax(110px, 1.4fr)',
    narrow: 2,
  },
  {
    title: t('seat.state'),
    cell: (one) => <LicenseBadge {...one} />,
    width: '118px',
    narrow: 'aside',
  },
  {
    title: t('lic.seats'),
    cell: (one) => <Seats {...one} />,
    width: 'minmax(70px, 1fr)',
  },
  { title: t('my.active'), cell: activeOn, width: 'minmax(80px, 0.8fr)' },
  { title: t('my.ends'), cell: endOf, width: '120px' },
];

export const LicensesPage = () => {
  const search = useSearch();
  const [state, setState] = useState('');
  const { settled, from } = search;
  const found = useMaster('licenses', {
    kind: 'license-list',
    text: settled,
    state: state || null,
    from,
    most: ROWS,
  });
  const columns = useMemo(licenseColumns, []);
  return (
    <>
      <div class="heading">
        <h1>
          {t('nav.clerk.licenses')}{' '}
          <small>{found === undefined ? '' : count('licenses', found.total)}</small>
        </h1>
        <a class="button main" href="#/new">
          {t('nav.clerk.new')}
        </a>
        <a class="button quiet" href="#/new/server">
          {t('order.newServer')}
        </a>
      </div>
      <SearchTools search={search} hint={t('list.licenseHint')}>
        <select
          aria-label={t('seat.state')}
          value={state}
          onChange={(event) => {
            setState(event.currentTarget.value);
            search.setFrom(0);
          }}
        >
          <option value="">{t('seat.everyState')}</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {say('state', one)}
            </option>
          ))}
        </select>
      </SearchTools>
      <PagedTable
        label={t('nav.clerk.licenses')}
        columns={columns}
        rows={found?.licenses}
        total={found?.total ?? 0}
        rowId={({ id }) => id}
        empty={t(settled === '' && state === '' ? 'list.noLicense' : 'list.noneFits')}
        search={search}
      />
    </>
  );
};
