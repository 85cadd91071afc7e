/** Every computer on which a license was activated. */

import { count, t } from '../../text.ts';
import { useMaster } from '../master-api.ts';
import { PagedTable, ROWS, SearchTools, useSearch } from '../paged.tsx';
import { useActivationColumns } from '../parts/activation-table.tsx';

export const ActivationsPage = () => {
  const search = useSearch();
  const { settled, from } = search;
  const found = useMaster('activations', {
    kind: 'activation-list',
    text: settled,
    from,
    most: ROWS,
  });
  const { columns, dialog } = useActivationColumns(true, true);
  return (
    <>
      <div class="heading">
        <h1>
          {t('nav.clerk.activations')}{' '}
          <small>{found === undefined ? '' : count('activations', found.total)}</small>
        </h1>
      </div>
      <SearchTools search={search} hint={t('place.hint')} />
      <PagedTable
        label={t('nav.clerk.activations')}
        columns={columns}
        rows={found?.activations}
        total={found?.total ?? 0}
        rowId={({ license, agent }) => `${license}/${agent}`}
        empty={t(settled === '' ? 'place.none' : 'list.noneFits')}
        search={search}
      />
      {dialog}
    </>
  );
};
