/** One customer: its licenses, and with what its people sign in. */

import { useMemo, useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.tsx';
import { toast } from '../../parts/toast.tsx';
import { count, t } from '../../text.ts';
import { askMaster, useMaster } from '../master-api.ts';
import { PagedTable, ROWS, SearchTools, useSearch } from '../paged.tsx';
import { Labelled } from '../parts/labelled.tsx';
import { makePassword } from '../parts/make-password.ts';
import { PasswordSheet } from '../parts/password-sheet.tsx';
import { licenseColumns } from './licenses.tsx';

export const CustomerPage = ({ id }: { readonly id: string }) => {
  const customer = useMaster('customers', { kind: 'customer-list', text: id })?.customers[0];
  const search = useSearch();
  const { settled, from } = search;
  const found = useMaster('licenses', {
    kind: 'license-list',
    customer: id,
    text: settled,
    from,
    most: ROWS,
  });
  const columns = useMemo(licenseColumns, []).filter((_, i) => i !== 1);
  if (customer === undefined) return <p class="empty">{t('app.loading')}</p>;
  const { name, mail } = customer;
  return (
    <>
      <p class="crumb">
        <a href="#/customers">{t('nav.clerk.customers')}</a>
      </p>
      <div class="heading">
        <h1>
          {name} <small>{mail}</small>
        </h1>
        <a class="button main" href={`#/new/for-${id}`}>
          {t('nav.clerk.new')}
        </a>
      </div>
      <Accounts customer={id} mail={mail} />
      <h2 class="part">
        {t('nav.clerk.licenses')}{' '}
        <small>{found === undefined ? '' : count('licenses', found.total)}</small>
      </h2>
      {(found?.total ?? 0) > ROWS || settled !== '' ? (
        <SearchTools search={search} hint={t('list.licenseHint')} />
      ) : null}
      <PagedTable
        label={t('nav.clerk.licenses')}
        columns={columns}
        rows={found?.licenses}
        total={found?.total ?? 0}
        rowId={(one) => one.id}
        empty={t('cust.noLicense')}
        search={search}
      />
    </>
  );
};

interface Made {
  readonly name: string;
  readonly password: string;
}

const Accounts = ({ customer, mail }: { readonly customer: string; readonly mail: string }) => {
  const accounts = useMaster('accounts', { kind: 'account-list', customer })?.accounts;
  const [made, setMade] = useState<Made>();
  const [asking, setAsking] = useState<{
    readonly what: 'add' | 'reset' | 'remove';
    name: string;
  }>();
  const set = async (name: string): Promise<void> => {
    const password = makePassword();
    await askMaster('done', {
      kind: 'account-set',
      role: 'customer',
      name,
      customer,
      password,
    });
    setMade({ name, password });
  };
  const close = (): void => setAsking(undefined);
  return (
    <section class="card">
      <h2>{t('cust.accounts')}</h2>
      <p class="muted">{t('cust.accountsWhy')}</p>
      <ul class="lines pairs">
        {accounts?.map(({ name }) => (
          <li key={name}>
            <span>{name}</span>
            <span class="some">
              <button
                type="button"
                class="quiet"
                onClick={() => setAsking({ what: 'reset', name })}
              >
                {t('cust.reset')}
              </button>
              <button
                type="button"
                class="danger quiet"
                onClick={() => setAsking({ what: 'remove', name })}
              >
                {t('lic.remove')}
              </button>
            </span>
          </li>
        ))}
      </ul>
      <div class="actions start">
        <button type="button" class="quiet" onClick={() => setAsking({ what: 'add', name: mail })}>
          {t('cust.addAccount')}
        </button>
      </div>
      {asking?.what === 'add' ? <AddAccount name={asking.name} onDo={set} onClose={close} /> : null}
      {asking?.what === 'reset' ? (
        <Dialog
          title={t('cust.resetTitle', { name: asking.name })}
          action={t('cust.reset')}
          onDo={() => set(asking.name)}
          onClose={close}
        >
          <p>{t('cust.resetLead')}</p>
        </Dialog>
      ) : null}
      {asking?.what === 'remove' ? (
        <Dialog
          isDangerous
          title={t('cust.removeTitle', { name: asking.name })}
          action={t('lic.remove')}
          onDo={async () => {
            await askMaster('done', { kind: 'account-remove', name: asking.name });
            toast(t('cust.removed', { name: asking.name }));
          }}
          onClose={close}
        >
          <p>{t('cust.removeLead')}</p>
        </Dialog>
      ) : null}
      {made === undefined ? null : <PasswordSheet {...made} onClose={() => setMade(undefined)} />}
    </section>
  );
};

interface AddProps {
  readonly name: string;
  readonly onDo: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

const AddAccount = ({ name: first, onDo, onClose }: AddProps) => {
  const [name, setName] = useState(first);
  return (
    <Dialog
      title={t('cust.addAccount')}
      action={t('cust.addAccountNow')}
      onDo={() => onDo(name)}
      onClose={onClose}
    >
      <Labelled label={t('cust.account')} hint={t('cust.accountWhy')}>
        {(about) => (
          <input
            required
            maxLength={254}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
            aria-describedby={about}
          />
        )}
      </Labelled>
    </Dialog>
  );
};
