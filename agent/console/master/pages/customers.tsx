/** Everybody whom the vendor issues licenses to. */

import { useMemo, useState } from 'preact/hooks';
import type { Customer } from '../../../vendor/master/customer.ts';
import type { TableColumn } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { toast } from '../../parts/toast.tsx';
import { count, day, t } from '../../text.ts';
import { goTo } from '../address.ts';
import { askMaster, useMaster } from '../master-api.ts';
import { PagedTable, ROWS, SearchTools, useSearch } from '../paged.tsx';
import { Labelled } from '../parts/labelled.tsx';

const columnsOf = (): readonly TableColumn<Customer>[] => [
  {
    title: t('lic.customer'),
    cell: ({ id, name }) => (
      <a href={`#/customer/${id}`}>
        <strong>{name}</strong>
      </a>
    ),
    width: 'minmax(140px, 1.6fr)',
    narrow: 1,
  },
  {
    title: t('cust.mail'),
    cell: ({ mail }) => mail || '–',
    width: 'minmax(140px, 1.6fr)',
    narrow: 2,
  },
  {
    title: t('cust.since'),
    cell: ({ since }) => day(since),
    width: '130px',
    narrow: 'aside',
  },
  { title: t('cust.number'), cell: ({ id }) => <code>{id}</code>, width: '170px' },
];

export const CustomersPage = () => {
  const search = useSearch();
  const [isAdding, setAdding] = useState(false);
  const { settled, from } = search;
  const found = useMaster('customers', {
    kind: 'customer-list',
    text: settled,
    from,
    most: ROWS,
  });
  const columns = useMemo(columnsOf, []);
  return (
    <>
      <div class="heading">
        <h1>
          {t('nav.clerk.customers')}{' '}
          <small>{found === undefined ? '' : count('customers', found.total)}</small>
        </h1>
        <button type="button" class="main" onClick={() => setAdding(true)}>
          {t('cust.add')}
        </button>
      </div>
      <SearchTools search={search} hint={t('cust.hint')} />
      <PagedTable
        label={t('nav.clerk.customers')}
        columns={columns}
        rows={found?.customers}
        total={found?.total ?? 0}
        rowId={({ id }) => id}
        empty={t(settled === '' ? 'cust.none' : 'list.noneFits')}
        search={search}
      />
      {isAdding ? <AddCustomer onClose={() => setAdding(false)} /> : null}
    </>
  );
};

const AddCustomer = ({ onClose }: { readonly onClose: () => void }) => {
  const [name, setName] = useState('');
  const [mail, setMail] = useState('');
  const add = async (): Promise<void> => {
    const { customers } = await askMaster('customers', { kind: 'customer-add', name, mail });
    toast(t('cust.added', { name }));
    goTo('customer', customers[0]?.id);
  };
  return (
    <Dialog title={t('cust.add')} action={t('cust.addNow')} onDo={add} onClose={onClose}>
      <label>
        {t('cust.name')}
        <input
          required
          maxLength={128}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <Labelled label={t('cust.mail')} hint={t('cust.mailWhy')}>
        {(about) => (
          <input
            type="email"
            maxLength={254}
            value={mail}
            onInput={(event) => setMail(event.currentTarget.value)}
            aria-describedby={about}
          />
        )}
      </Labelled>
    </Dialog>
  );
};
