/** What this agent may lend, why, and until when. */

import { useState } from 'preact/hooks';
import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { LicenseView } from '../../core/operations.ts';
import { ActivateSheet } from '../activation/activate-sheet.tsx';
import { LicenseActions } from '../activation/license-actions.tsx';
import { RemovedLicenses } from '../activation/removed-licenses.tsx';
import { AddLicense } from '../parts/add-license.tsx';
import { LicenseDetails } from '../parts/license-details.tsx';
import { LicenseWhy } from '../parts/license-why.tsx';
import { SeatBar } from '../parts/seat-bar.tsx';
import { useMay } from '../parts/session.ts';
import { StateBadge } from '../parts/state-badge.tsx';
import { count, day, fromNow, t } from '../text.ts';
import { useOperation } from '../views.ts';

export const LicensesPage = () => {
  const licenses = useOperation({ kind: 'license-list' })?.licenses;
  const mayChange = useMay('administrator');
  const [isAdding, setAdding] = useState(false);
  if (licenses === undefined) return <p class="empty">{t('app.loading')}</p>;
  return (
    <>
      <h1>
        {t('nav.licenses')} <small>{count('licenses', licenses.length)}</small>
      </h1>
      {mayChange ? (
        <details
          class="card adding"
          open={isAdding}
          onToggle={(event) => setAdding(event.currentTarget.open)}
        >
          <summary>{t('lic.add')}</summary>
          <AddLicense />
        </details>
      ) : null}
      <ul class="licenses">
        {[...licenses].sort(byNeed).map((license) => (
          <LicenseCard key={license.id} license={license} mayChange={mayChange} />
        ))}
      </ul>
      <RemovedLicenses />
    </>
  );
};

/** Those that need somebody, then those that lend, then those whose place another has taken. */
const byNeed = (one: LicenseView, other: LicenseView): number =>
  rank(one) - rank(other) || (one.product < other.product ? -1 : 1);

const rank = ({ state, refusal }: LicenseView): number =>
  state === 'superseded' ? 2 : refusal === null && state === 'active' ? 1 : 0;

interface CardProps {
  readonly license: LicenseView;
  readonly mayChange: boolean;
}

const LicenseCard = ({ license, mayChange }: CardProps) => {
  const { product, state, type, lent, pools } = license;
  const [isActivating, setActivating] = useState(false);
  const total =
    type === 'server' ? SEATS_UNLIMITED : pools.reduce((sum, pool) => sum + pool.licensed, 0);
  return (
    <li class="card license">
      <div class="title">
        <h2>{product}</h2>
        <StateBadge state={state} />
      </div>
      <p class="promise">
        {promise(license)}
        <span class="muted"> · {dates(license)}</span>
      </p>
      <LicenseWhy license={license} />
      {mayChange && needsActivation(license) ? (
        <p>
          <button type="button" class="main" onClick={() => setActivating(true)}>
            {t('act.activate')}
          </button>
        </p>
      ) : null}
      {type === 'standalone' ? null : (
        <div class="use">
          <SeatBar label={product} used={lent} total={total} />
          <span class="figure">
            {total >= SEATS_UNLIMITED
              ? t('over.noLimit', { used: lent })
              : t('over.inUse', { used: lent, total })}
          </span>
        </div>
      )}
      <details>
        <summary>{t('lic.details')}</summary>
        <LicenseDetails license={license} />
        {mayChange ? <LicenseActions license={license} /> : null}
      </details>
      {isActivating ? (
        <ActivateSheet license={license} onClose={() => setActivating(false)} />
      ) : null}
    </li>
  );
};

const needsActivation = ({ activation, activated, state }: LicenseView): boolean =>
  activation !== null &&
  (activated === null || activated.by === 'emergency') &&
  !['superseded', 'expired', 'revoked', 'invalid'].includes(state);

/** "Licensed for 10 users". */
const promise = ({ type, pools }: LicenseView): string => {
  const seats = pools.reduce((sum, pool) => sum + pool.seats, 0);
  switch (type) {
    case 'floating':
      return t('lic.for', { seats: count('seats', seats) });
    case 'named':
      return t('lic.for.users', { users: count('users', seats) });
    case 'server':
      return t('lic.for.server');
    case 'standalone':
      return t('lic.for.standalone');
  }
};

const dates = ({ state, starts, ends }: LicenseView): string => {
  if (state === 'pending') return t('lic.starts', { when: fromNow(starts) });
  if (ends === null) return t('lic.endsNever');
  const when = `${day(ends - 1)} (${fromNow(ends)})`;
  return t(state === 'expired' ? 'lic.ended' : 'lic.ends', { when });
};
