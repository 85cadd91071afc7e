/** On which computers licenses are active. */

import { useMemo, useState } from 'preact/hooks';
import type { ActivationView } from '../../../vendor/master/master-operations.ts';
import { DataTable, type TableColumn } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { toast } from '../../parts/toast.tsx';
import { day, moment, say, t } from '../../text.ts';
import { askMaster } from '../master-api.ts';
import { shortId } from './license-words.tsx';
import { ReasonField } from './reason-field.tsx';

const TONES = { active: 'good', returned: 'plain', freed: 'plain', lapsed: 'warn' } as const;

const hostColumn = (): TableColumn<ActivationView> => ({
  title: t('seat.host'),
  cell: ({ hostName, agent }) => (
    <>
      <strong>{hostName || agent}</strong> <small>{hostName === '' ? '' : shortId(agent)}</small>
    </>
  ),
  width: 'minmax(140px, 1.5fr)',
  narrow: 1,
});

const licenseColumn = (): TableColumn<ActivationView> => ({
  title: t('req.license'),
  cell: ({ license, product, customerName }) => (
    <>
      <a href={`#/license/${license}`}>{product}</a> <small>{customerName}</small>
    </>
  ),
  width: 'minmax(140px, 1.6fr)',
  narrow: 2,
});

const stateColumns = (): readonly TableColumn<ActivationView>[] => [
  {
    title: t('seat.state'),
    cell: ({ state }) => <span class={`badge ${TONES[state]}`}>{say('place', state)}</span>,
    width: '110px',
    narrow: 'aside',
  },
  {
    title: t('my.ends'),
    cell: ({ ends }) => (ends === null ? t('my.never') : day(ends)),
    width: '120px',
  },
  { title: t('place.seen'), cell: ({ seen }) => moment(seen), width: '140px' },
];

const freeColumn = (ask: (place: ActivationView) => void): TableColumn<ActivationView> => ({
  title: '',
  cell: (place) =>
    place.state === 'active' ? (
      <button
        type="button"
        class="danger quiet"
        aria-label={t('place.freeOf', { host: place.hostName })}
        onClick={() => ask(place)}
      >
        {t('place.free')}
      </button>
    ) : null,
  width: '110px',
  narrow: 2,
});

/** The columns, and the question before one is freed. */
export const useActivationColumns = (isClerk: boolean, isOfAll: boolean) => {
  const [asking, setAsking] = useState<ActivationView>();
  const columns = useMemo(
    () => [
      hostColumn(),
      ...(isOfAll ? [licenseColumn()] : []),
      ...stateColumns(),
      ...(isClerk ? [isOfAll ? withoutLine(freeColumn(setAsking)) : freeColumn(setAsking)] : []),
    ],
    [isClerk, isOfAll],
  );
  const dialog =
    asking === undefined ? null : <Free place={asking} onClose={() => setAsking(undefined)} />;
  return { columns, dialog };
};

/** On a narrow screen the license stands there; its page has the button. */
const withoutLine = ({ narrow: _, ...column }: TableColumn<ActivationView>) => column;

interface TableProps {
  readonly rows: readonly ActivationView[];
  readonly isClerk: boolean;
}

export const ActivationTable = ({ rows, isClerk }: TableProps) => {
  const { columns, dialog } = useActivationColumns(isClerk, false);
  return (
    <>
      <DataTable
        label={t('nav.clerk.activations')}
        columns={columns}
        rows={rows}
        rowId={({ license, agent }) => `${license}/${agent}`}
        empty={t('place.none')}
      />
      {dialog}
    </>
  );
};

const Free = ({
  place,
  onClose,
}: {
  readonly place: ActivationView;
  readonly onClose: () => void;
}) => {
  const { license, agent, hostName: host, product, ends } = place;
  const [reason, setReason] = useState('');
  return (
    <Dialog
      isDangerous
      title={t('place.freeOf', { host })}
      action={t('place.free')}
      onDo={async () => {
        await askMaster('done', { kind: 'activation-free', license, agent, reason });
        toast(t('place.freedNow', { host }));
      }}
      onClose={onClose}
    >
      <p>{t('place.freeLead', { product })}</p>
      <p>
        {ends === null
          ? t('place.freeEver', { host })
          : t('place.freeUntil', { host, day: day(ends) })}
      </p>
      <ReasonField required value={reason} onValue={setReason} />
    </Dialog>
  );
};
