/** Who holds which seat, and taking seats back. */

import { useMemo, useState } from 'preact/hooks';
import type { SeatView } from '../../core/operations.ts';
import { ask } from '../api.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useMay } from '../parts/session.ts';
import { toast } from '../parts/toast.tsx';
import { count, length, moment, number, say, t } from '../text.ts';
import { useOperation } from '../views.ts';

const STATES = ['held', 'idle', 'borrowed', 'ending', 'overdraft'] as const;
type SeatState = (typeof STATES)[number];

/** Seconds of no use after which a seat is marked. */
const IDLE_S = 300;

const stateOf = ({ borrowed, ending, overdraft, idle }: SeatView): SeatState => {
  if (ending !== null) return 'ending';
  if (borrowed !== null) return 'borrowed';
  if (overdraft) return 'overdraft';
  return idle >= IDLE_S ? 'idle' : 'held';
};

/** What a search looks in; made once for each seat. */
const searched = new WeakMap<SeatView, string>();
const searchText = (seat: SeatView): string => {
  let text = searched.get(seat);
  if (text === undefined) {
    const { user, host, address, application, product } = seat;
    text = [user, host, address, application, product, seat.class, seat.id]
      .join('\n')
      .toLowerCase();
    searched.set(seat, text);
  }
  return text;
};

interface Filter {
  readonly text: string;
  readonly product: string;
  readonly state: string;
}

const matches = (seat: SeatView, { text, product, state }: Filter): boolean =>
  (product === '' || seat.product === product) &&
  (state === '' || stateOf(seat) === state) &&
  (text === '' || searchText(seat).includes(text.toLowerCase()));

const COLUMNS = (): readonly TableColumn<SeatView>[] => [
  {
    title: t('seat.user'),
    cell: ({ user }) => <strong>{user}</strong>,
    sort: ({ user }) => user.toLowerCase(),
    width: 'minmax(90px, 1.2fr)',
    narrow: 1,
  },
  {
    title: t('seat.host'),
    cell: ({ host, address }) => <Two first={host} second={address ?? ''} />,
    sort: ({ host }) => host.toLowerCase(),
    width: 'minmax(110px, 1.4fr)',
    narrow: 2,
  },
  {
    title: t('seat.product'),
    cell: ({ product, ...seat }) => <Two first={product} second={seat.class} />,
    sort: ({ product, ...seat }) => `${product} ${seat.class}`,
    width: 'minmax(110px, 1.3fr)',
  },
  {
    title: t('seat.application'),
    cell: ({ application, process }) => (
      <Two
        first={application}
        second={String(process)}
        hint={t('seat.process', { n: String(process) })}
      />
    ),
    sort: ({ application }) => application.toLowerCase(),
    width: 'minmax(100px, 1.2fr)',
  },
  {
    title: t('seat.since'),
    cell: ({ since }) => moment(since),
    sort: ({ since }) => since,
    width: 'minmax(80px, 1fr)',
  },
  {
    title: t('seat.until'),
    cell: ({ until, borrowed }) => moment(borrowed ?? until),
    sort: ({ until }) => until,
    width: 'minmax(80px, 1fr)',
    narrow: 'aside',
  },
  {
    title: t('seat.state'),
    cell: (seat) => <SeatBadge seat={seat} />,
    sort: stateOf,
    width: 'minmax(130px, 0.9fr)',
  },
];

interface TwoProps {
  readonly first: string;
  readonly second: string;
  readonly hint?: string;
}

const Two = ({ first, second, hint = second }: TwoProps) => (
  <span class="two" title={`${first}, ${hint}`}>
    {first} <small>{second}</small>
  </span>
);

const SeatBadge = ({ seat }: { readonly seat: SeatView }) => {
  const state = stateOf(seat);
  const tone = { held: 'plain', idle: 'warn', borrowed: 'good', ending: 'warn', overdraft: 'bad' }[
    state
  ];
  const why =
    seat.ending !== null
      ? say('refusal', seat.ending)
      : state === 'idle'
        ? t('seat.idleFor', { time: length(seat.idle) })
        : undefined;
  return (
    <span class={`badge ${tone}`} title={why}>
      {t(`seat.${state}`)}
      {seat.weight > 1 ? ` × ${number(seat.weight)}` : ''}
    </span>
  );
};

export const SeatsPage = () => {
  const seats = useOperation({ kind: 'seat-list' })?.seats;
  const [filter, setFilter] = useState<Filter>({ text: '', product: '', state: '' });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const mayDisconnect = useMay('operator');
  const products = useMemo(
    () => [...new Set(seats?.map(({ product }) => product))].sort(),
    [seats],
  );
  const shown = useMemo(
    () => seats?.filter((seat) => matches(seat, filter)) ?? [],
    [seats, filter],
  );
  const columns = useMemo(COLUMNS, []);
  const selected = useMemo(() => shown.filter(({ id }) => chosen.has(id)), [shown, chosen]);
  if (seats === undefined) return <p class="empty">{t('app.loading')}</p>;
  return (
    <>
      <h1>
        {t('nav.seats')}{' '}
        <small>{t('seat.shown', { shown: shown.length, all: seats.length })}</small>
      </h1>
      <div class="tools">
        <FilterFields {...{ filter, setFilter, products }} />
        {mayDisconnect ? (
          <button
            type="button"
            class="danger"
            disabled={selected.length === 0}
            onClick={() => setAsking(true)}
          >
            {selected.length === 0
              ? t('seat.disconnect')
              : count('seat.disconnect', selected.length)}
          </button>
        ) : null}
      </div>
      <DataTable
        label={t('nav.seats')}
        columns={columns}
        rows={shown}
        rowId={({ id }) => id}
        empty={t(seats.length === 0 ? 'seat.none' : 'seat.noneFits')}
        selection={
          mayDisconnect
            ? { ids: chosen, change: setChosen, name: (one) => `${one.user}, ${one.host}` }
            : undefined
        }
      />
      {isAsking ? (
        <Disconnect
          seats={selected}
          onClose={() => {
            setAsking(false);
            setChosen(new Set());
          }}
        />
      ) : null}
    </>
  );
};

interface FilterProps {
  readonly filter: Filter;
  readonly setFilter: (filter: Filter) => void;
  readonly products: readonly string[];
}

const FilterFields = ({ filter, setFilter, products }: FilterProps) => (
  <>
    <input
      type="search"
      aria-label={t('do.search')}
      placeholder={t('seat.searchHint')}
      value={filter.text}
      onInput={(event) => setFilter({ ...filter, text: event.currentTarget.value })}
    />
    <select
      aria-label={t('seat.product')}
      value={filter.product}
      onChange={(event) => setFilter({ ...filter, product: event.currentTarget.value })}
    >
      <option value="">{t('seat.everyProduct')}</option>
      {products.map((product) => (
        <option key={product} value={product}>
          {product}
        </option>
      ))}
    </select>
    <select
      aria-label={t('seat.state')}
      value={filter.state}
      onChange={(event) => setFilter({ ...filter, state: event.currentTarget.value })}
    >
      <option value="">{t('seat.everyState')}</option>
      {STATES.map((state) => (
        <option key={state} value={state}>
          {t(`seat.${state}`)}
        </option>
      ))}
    </select>
  </>
);

/** Operations under way at a time. */
const AT_ONCE = 8;

const Disconnect = ({
  seats,
  onClose,
}: {
  readonly seats: readonly SeatView[];
  readonly onClose: () => void;
}) => {
  const [isForced, setForced] = useState(false);
  const latest = seats.reduce((last, { until }) => Math.max(last, until), 0);
  const disconnect = async (): Promise<void> => {
    const left = [...seats];
    let freed = 0;
    const work = async (): Promise<void> => {
      for (let seat = left.pop(); seat !== undefined; seat = left.pop()) {
        const done = await ask({ kind: 'seat-disconnect', id: seat.id, force: isForced });
        if (done.freed) freed++;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (freed > 0) toast(count('seat.freed', freed));
    if (freed < seats.length) toast(count('seat.ending', seats.length - freed));
  };
  return (
    <Dialog
      isDangerous
      title={count('seat.disconnect', seats.length)}
      action={t('seat.disconnect')}
      onDo={disconnect}
      onClose={onClose}
    >
      <ul class="lines who">
        {seats.slice(0, 5).map(({ id, user, host, product }) => (
          <li key={id}>
            <strong>{user}</strong> {host} · {product}
          </li>
        ))}
        {seats.length > 5 ? <li class="muted">+ {number(seats.length - 5)}</li> : null}
      </ul>
      <p>{t('seat.disconnect.lead')}</p>
      <p>{t('seat.disconnect.silent', { time: moment(latest) })}</p>
      {seats.some(({ borrowed }) => borrowed !== null) ? (
        <p>{t('seat.disconnect.borrowed')}</p>
      ) : null}
      <label class="check">
        <input
          type="checkbox"
          checked={isForced}
          onChange={(event) => setForced(event.currentTarget.checked)}
        />
        <span>
          {t('seat.disconnect.force')} <small>{t('seat.disconnect.forceHint')}</small>
        </span>
      </label>
    </Dialog>
  );
};
