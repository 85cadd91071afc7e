/** What the vendor's people can do with a license, each with what it means. */

import { useState } from 'preact/hooks';
import { GENERIC_CLASS, type PoolGrant } from '../../../../protocol/license.ts';
import type { LicenseSummary } from '../../../vendor/master/master-operations.ts';
import { attempt } from '../../parts/attempt.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { toast } from '../../parts/toast.tsx';
import { say, t } from '../../text.ts';
import { goTo } from '../address.ts';
import { askMaster } from '../master-api.ts';
import { type PoolDraft, type StageDraft, seatWords } from '../order/order-draft.ts';
import { SeatRows } from '../order/seat-rows.tsx';
import { Labelled } from './labelled.tsx';
import { ReasonField } from './reason-field.tsx';

const STANDINGS = { suspend: 'suspended', resume: 'active', revoke: 'revoked' } as const;
type Standing = keyof typeof STANDINGS;
const POLICIES = ['agents', 'first', 'ask'] as const;

interface OfLicense {
  readonly license: LicenseSummary;
}

export const ClerkActions = ({ license }: OfLicense) => {
  const [asking, setAsking] = useState<Standing | 'extend' | 'seats'>();
  const { state, policy, pools, agents, customer } = license;
  const close = (): void => setAsking(undefined);
  if (state === 'revoked' || state === 'superseded') {
    return <p class="muted">{t(`std.is.${state}`)}</p>;
  }
  const acts = [
    ...(state === 'suspended' ? (['resume'] as const) : []),
    ...(state === 'suspended' ? [] : (['extend'] as const)),
    ...(state === 'suspended' || pools.length === 0 ? [] : (['seats'] as const)),
    ...(state === 'suspended' ? [] : (['suspend'] as const)),
    'revoke' as const,
  ];
  return (
    <>
      <div class="actions start">
        {acts.map((act) => (
          <button
            key={act}
            type="button"
            class={act === 'suspend' || act === 'revoke' ? 'danger quiet' : 'quiet'}
            onClick={() => setAsking(act)}
          >
            {t(`std.${act}`)}
          </button>
        ))}
        {customer === null ? null : (
          <a class="button quiet" href={`#/new/for-${customer}`}>
            {t('std.another')}
          </a>
        )}
        {asking === 'extend' ? <Extend license={license} onClose={close} /> : null}
        {asking === 'seats' ? <ChangeSeats license={license} onClose={close} /> : null}
        {asking === 'suspend' || asking === 'resume' || asking === 'revoke' ? (
          <Stand license={license} act={asking} onClose={close} />
        ) : null}
      </div>
      {agents === 0 ? null : <PolicyChoice {...{ license, policy }} />}
    </>
  );
};

const PolicyChoice = ({ license, policy }: OfLicense & Pick<LicenseSummary, 'policy'>) => (
  <label class="policy">
    {t('order.policy')}
    <select
      value={policy}
      onChange={(event) => {
        const next = event.currentTarget.value;
        void attempt(async () => {
          await askMaster('licenses', {
            kind: 'license-policy',
            license: license.id,
            policy: next,
          });
          toast(t('std.policyDone'));
        });
      }}
    >
      {POLICIES.map((one) => (
        <option key={one} value={one}>
          {say('order.policyIs', one)}
        </option>
      ))}
    </select>
  </label>
);

interface AskProps extends OfLicense {
  readonly onClose: () => void;
}

const Stand = ({ license, act, onClose }: AskProps & { readonly act: Standing }) => {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      isDangerous={act !== 'resume'}
      title={t(`std.${act}.title`, { product: license.product, customer: license.customerName })}
      action={t(`std.${act}`)}
      onDo={async () => {
        const state = STANDINGS[act];
        await askMaster('done', { kind: 'license-standing', license: license.id, state, reason });
        toast(t(`std.${act}.done`));
      }}
      onClose={onClose}
    >
      <p>{t(`std.${act}.lead`)}</p>
      {act === 'resume' ? null : <ReasonField value={reason} onValue={setReason} />}
    </Dialog>
  );
};

const Extend = ({ license, onClose }: AskProps) => {
  const { id, expires } = license;
  const [day, setDay] = useState(expires === null ? '' : isoDay(expires - 1));
  return (
    <Dialog
      title={t('std.extend')}
      action={t('std.extendNow')}
      onDo={async () => {
        const outcome = await askMaster('license', {
          kind: 'license-extend',
          license: id,
          expires: day || null,
        });
        toast(t('std.replaced'));
        goTo('license', outcome.license.id);
      }}
      onClose={onClose}
    >
      <p>{t('std.replaces')}</p>
      <Labelled label={t('order.expires')} hint={t('order.expiresHint')}>
        {(about) => (
          <input
            type="date"
            value={day}
            onInput={(event) => setDay(event.currentTarget.value)}
            aria-describedby={about}
          />
        )}
      </Labelled>
    </Dialog>
  );
};

const ChangeSeats = ({ license, onClose }: AskProps) => {
  const [seats, setSeats] = useState(() => draftOf(license.pools));
  return (
    <Dialog
      title={t('std.seats')}
      action={t('std.seatsNow')}
      onDo={async () => {
        const outcome = await askMaster('license', {
          kind: 'license-seats',
          license: license.id,
          ...seatWords(seats),
        });
        toast(t('std.replaced'));
        goTo('license', outcome.license.id);
      }}
      onClose={onClose}
    >
      <p>{t('std.replaces')}</p>
      <SeatRows
        seats={seats}
        change={(change) => setSeats({ ...seats, ...change })}
        fault={undefined}
      />
    </Dialog>
  );
};

const isoDay = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

const draftOf = (
  pools: readonly PoolGrant[],
): { readonly pools: readonly PoolDraft[]; readonly stages: readonly StageDraft[] } => ({
  pools: pools.map((pool) => ({
    class: pool.class === GENERIC_CLASS ? '' : pool.class,
    seats: String(pool.seats),
    overdraft: pool.overdraft === 0 ? '' : String(pool.overdraft),
  })),
  stages: pools.flatMap((pool) =>
    pool.stages.map(({ from, until, seats }) => ({
      class: pool.class === GENERIC_CLASS ? '' : pool.class,
      from: isoDay(from),
      until: until === null ? '' : isoDay(until - 1),
      seats: String(seats),
    })),
  ),
});
