/** Who is assigned a seat by name. */

import { useMemo, useRef, useState } from 'preact/hooks';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { LicenseView, UserView } from '../../core/operations.ts';
import { ask } from '../api.ts';
import { attempt } from '../parts/attempt.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { csvCell, csvText, decodeList, readFirstColumn, readNames } from '../parts/names.ts';
import { saveFile } from '../parts/save-file.ts';
import { useMay } from '../parts/session.ts';
import { toast } from '../parts/toast.tsx';
import { count, moment, t } from '../text.ts';
import { useOperation } from '../views.ts';

const idOf = ({ product, user, ...one }: UserView): string => `${product}\n${one.class}\n${user}`;

const COLUMNS = (): readonly TableColumn<UserView>[] => [
  {
    title: t('seat.user'),
    cell: ({ user }) => <strong>{user}</strong>,
    sort: ({ user }) => user.toLowerCase(),
    width: 'minmax(110px, 1.2fr)',
    narrow: 1,
  },
  {
    title: t('seat.product'),
    cell: ({ product, ...one }) => (
      <>
        {product} <small>{one.class === GENERIC_CLASS ? '' : one.class}</small>
      </>
    ),
    sort: ({ product, ...one }) => `${product} ${one.class}`,
    width: 'minmax(110px, 1.2fr)',
    narrow: 2,
  },
  {
    title: t('user.since'),
    cell: ({ since }) => moment(since),
    sort: ({ since }) => since,
    width: 'minmax(110px, 1fr)',
  },
  {
    title: t('user.where'),
    cell: ({ hosts, effective }) =>
      effective ? hosts.join(', ') || '–' : <span class="badge warn">{t('user.waits')}</span>,
    sort: ({ hosts }) => hosts.join(),
    width: 'minmax(110px, 1.6fr)',
    narrow: 'aside',
  },
];

export const UsersPage = () => {
  const users = useOperation({ kind: 'user-list', product: null })?.users;
  const licenses = useOperation({ kind: 'license-list' })?.licenses;
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const mayChange = useMay('operator');
  const columns = useMemo(COLUMNS, []);
  const wanted = text.toLowerCase();
  const shown = useMemo(
    () =>
      users?.filter(({ user, product, hosts }) =>
        [user, product, ...hosts].join('\n').toLowerCase().includes(wanted),
      ) ?? [],
    [users, wanted],
  );
  if (users === undefined || licenses === undefined) return <p class="empty">{t('app.loading')}</p>;
  const selected = shown.filter((one) => chosen.has(idOf(one)));
  const named = licenses.filter(({ type, state }) => type === 'named' && state !== 'superseded');
  return (
    <>
      <h1>
        {t('nav.users')} <small>{count('users', users.length)}</small>
      </h1>
      {named.length === 0 ? <p class="muted">{t('user.noLicense')}</p> : null}
      {mayChange && named.length > 0 ? <Assign licenses={named} /> : null}
      <div class="tools">
        <input
          type="search"
          aria-label={t('do.search')}
          placeholder={t('user.searchHint')}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button
          type="button"
          class="quiet"
          disabled={users.length === 0}
          onClick={() => exportUsers(shown)}
        >
          {t('user.export')}
        </button>
        {mayChange ? (
          <button
            type="button"
            class="danger"
            disabled={selected.length === 0}
            onClick={() => setAsking(true)}
          >
            {selected.length === 0 ? t('user.recall') : count('user.recall', selected.length)}
          </button>
        ) : null}
      </div>
      <DataTable
        label={t('nav.users')}
        columns={columns}
        rows={shown}
        rowId={idOf}
        empty={t('user.none')}
        selection={
          mayChange ? { ids: chosen, change: setChosen, name: ({ user }) => user } : undefined
        }
      />
      {isAsking ? (
        <Recall
          users={selected}
          onClose={() => {
            setAsking(false);
            setChosen(new Set());
          }}
        />
      ) : null}
    </>
  );
};

const exportUsers = (users: readonly UserView[]): void => {
  const rows = users.map(({ user, product, since, hosts, ...one }) =>
    [user, product, one.class, new Date(since * 1000).toISOString(), hosts.join(' ')]
      .map(csvCell)
      .join(','),
  );
  saveFile('users.csv', 'text/csv', csvText('user,product,class,assigned,in use on', rows));
};

const Assign = ({ licenses }: { readonly licenses: readonly LicenseView[] }) => {
  const places = [
    ...new Set(
      licenses.flatMap(({ product, pools }) => pools.map((pool) => `${product}\n${pool.class}`)),
    ),
  ];
  const [place, setPlace] = useState(places[0] ?? '');
  const [text, setText] = useState('');
  const picker = useRef<HTMLInputElement>(null);
  const [product = '', name = ''] = place.split('\n');
  const assign = (users: readonly string[]): Promise<boolean> =>
    attempt(async () => {
      const done = await ask({ kind: 'user-assign', product, class: name, users });
      toast(t('user.assigned', { n: done.assigned.length, users: done.users, seats: done.seats }));
      setText('');
    });
  return (
    <details class="card adding">
      <summary>{t('user.assign')}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void assign(readNames(text, 'user'));
        }}
      >
        <label>
          {t('seat.product')}
          <select value={place} onChange={(event) => setPlace(event.currentTarget.value)}>
            {places.map((one) => (
              <option key={one} value={one}>
                {one.replace('\n', ', ').replace(`, ${GENERIC_CLASS}`, '')}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('user.names')}
          <textarea rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <div class="actions start">
          <button type="submit" class="main" disabled={readNames(text, 'user').length === 0}>
            {t('user.assignNow')}
          </button>
          <button type="button" class="quiet" onClick={() => picker.current?.click()}>
            {t('user.csv')}
          </button>
          <input
            ref={picker}
            type="file"
            accept=".csv,.txt,text/csv,text/plain"
            hidden
            aria-label={t('user.csv')}
            onChange={async (event) => {
              const input = event.currentTarget;
              const content = await input.files?.[0]?.arrayBuffer();
              input.value = '';
              const list = decodeList(new Uint8Array(content ?? new ArrayBuffer()));
              if (list === undefined) toast(t('user.notUnicode'), true);
              const names = readFirstColumn(list ?? '', 'user');
              if (names.length > 0) await assign(names);
            }}
          />
        </div>
      </form>
    </details>
  );
};

const Recall = ({
  users,
  onClose,
}: {
  readonly users: readonly UserView[];
  readonly onClose: () => void;
}) => {
  const recall = async (): Promise<void> => {
    const places = Map.groupBy(users, (one) => `${one.product}\n${one.class}`);
    let recalled = 0;
    for (const [place, ofIt] of places) {
      const [product = '', name = ''] = place.split('\n');
      const names = ofIt.map(({ user }) => user);
      const done = await ask({
        kind: 'user-recall',
        product,
        class: name,
        users: names,
        force: false,
      });
      recalled += done.recalled.length;
    }
    toast(t('user.recalled', { n: recalled }));
  };
  return (
    <Dialog
      isDangerous
      title={count('user.recall', users.length)}
      action={t('user.recall')}
      onDo={recall}
      onClose={onClose}
    >
      <ul class="lines who">
        {users.slice(0, 8).map((one) => (
          <li key={idOf(one)}>
            <strong>{one.user}</strong> {one.product}
          </li>
        ))}
      </ul>
      <p>{t('user.recall.lead')}</p>
    </Dialog>
  );
};
