/** Computers that want a license on which a person decides. */

import { useMemo, useState } from 'preact/hooks';
import type { PetitionView } from '../../../vendor/master/master-operations.ts';
import type { TableColumn } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { toast } from '../../parts/toast.tsx';
import { count, moment, say, t } from '../../text.ts';
import { askMaster, useMaster } from '../master-api.ts';
import { PagedTable, ROWS } from '../paged.tsx';
import { shortId } from '../parts/license-words.tsx';
import { ReasonField } from '../parts/reason-field.tsx';

const TONES = { open: 'warn', approved: 'good', denied: 'bad' } as const;

interface Asking {
  readonly petition: PetitionView;
  readonly decision: 'approved' | 'denied';
}

const columnsOf = (ask: (asking: Asking) => void): readonly TableColumn<PetitionView>[] => [
  {
    title: t('seat.host'),
    cell: ({ hostName, agent }) => (
      <>
        <strong>{hostName || agent}</strong> <small>{hostName === '' ? '' : shortId(agent)}</small>
      </>
    ),
    width: 'minmax(130px, 1.4fr)',
    narrow: 1,
  },
  {
    title: t('req.license'),
    cell: ({ license, product, customerName }) => (
      <>
        <a href={`#/license/${license}`}>{product}</a> <small>{customerName}</small>
      </>
    ),
    width: 'minmax(130px, 1.6fr)',
    narrow: 'aside',
  },
  { title: t('req.asked'), cell: ({ asked }) => moment(asked), width: '140px' },
  {
    title: t('req.decision'),
    cell: (petition) =>
      petition.decision === 'open' ? (
        <span class="some">
          {(['approved', 'denied'] as const).map((decision) => (
            <button
              key={decision}
              type="button"
              class={decision === 'denied' ? 'danger quiet' : 'main'}
              aria-label={t(`req.${decision}.who`, { host: petition.hostName })}
              onClick={() => ask({ petition, decision })}
            >
              {t(`req.${decision}`)}
            </button>
          ))}
        </span>
      ) : (
        <span class={`badge ${TONES[petition.decision]}`}>
          {say('req.state', petition.decision)}
        </span>
      ),
    width: '220px',
    narrow: 2,
  },
];

export const RequestsPage = () => {
  const [from, setFrom] = useState(0);
  const [isAll, setAll] = useState(false);
  const [asking, setAsking] = useState<Asking>();
  const found = useMaster('requests', {
    kind: 'request-list',
    decision: isAll ? null : 'open',
    from,
    most: ROWS,
  });
  const columns = useMemo(() => columnsOf(setAsking), []);
  return (
    <>
      <h1>
        {t('nav.clerk.requests')}{' '}
        <small>{found === undefined ? '' : count('requests', found.total)}</small>
      </h1>
      <p class="lead muted">{t('req.lead')}</p>
      <div class="tools">
        <label class="check">
          <input
            type="checkbox"
            checked={isAll}
            onChange={(event) => {
              setAll(event.currentTarget.checked);
              setFrom(0);
            }}
          />
          <span>{t('req.all')}</span>
        </label>
      </div>
      <PagedTable
        label={t('nav.clerk.requests')}
        columns={columns}
        rows={found?.requests}
        total={found?.total ?? 0}
        rowId={({ license, agent }) => `${license}/${agent}`}
        empty={t('req.none')}
        search={{ from, setFrom }}
      />
      {asking === undefined ? null : (
        <Decide asking={asking} onClose={() => setAsking(undefined)} />
      )}
    </>
  );
};

const Decide = ({ asking, onClose }: { readonly asking: Asking; readonly onClose: () => void }) => {
  const { petition, decision } = asking;
  const { license, agent, hostName: host, product, customerName: customer } = petition;
  const [reason, setReason] = useState('');
  return (
    <Dialog
      isDangerous={decision === 'denied'}
      title={t(`req.${decision}.who`, { host })}
      action={t(`req.${decision}`)}
      onDo={async () => {
        await askMaster('done', { kind: 'request-decide', license, agent, decision, reason });
        toast(t(`req.${decision}.done`, { host }));
      }}
      onClose={onClose}
    >
      <p>{t(`req.${decision}.lead`, { host, product, customer })}</p>
      <ReasonField value={reason} onValue={setReason} />
    </Dialog>
  );
};
