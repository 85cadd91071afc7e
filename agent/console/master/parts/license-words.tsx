/** A license of the master's in a few words: its state, its seats, its end. */

import { GENERIC_CLASS, type PoolGrant } from '../../../../protocol/license.ts';
import type { LicenseSummary } from '../../../vendor/master/master-operations.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { count, day, number, say, t } from '../../text.ts';

/** Seconds before its end from which on a license is said to end soon. */
const SOON_S = 30 * 86_400;

type Dated = Pick<LicenseSummary, 'state' | 'starts' | 'expires'>;

export const LicenseBadge = ({ state, starts, expires }: Dated) => {
  const now = Date.now() / 1000;
  if (state !== 'active') return <StateBadge state={state} />;
  if (starts > now) return <StateBadge state="pending" />;
  const endsSoon = expires !== null && expires - now < SOON_S;
  return <StateBadge state={endsSoon ? 'expiring' : 'active'} />;
};

interface SeatsProps {
  readonly pools: readonly PoolGrant[];
  readonly type: LicenseSummary['type'];
}

/** "5", or "5 developer, execution". */
export const Seats = ({ pools, type }: SeatsProps) => {
  if (pools.length === 0) return <>{say('order.type', type)}</>;
  const named = pools.filter((pool) => pool.class !== GENERIC_CLASS);
  const each = pools.map((pool) => `${pool.class} ${number(pool.seats)}`).join(', ');
  return (
    <span title={named.length === 0 ? undefined : each}>
      {number(pools.reduce((sum, pool) => sum + pool.seats, 0))}{' '}
      <small>{named.map((pool) => pool.class).join(', ')}</small>
    </span>
  );
};

/** "12 seats", as it is said to the customer. */
export const promiseOf = ({ pools, type }: Pick<LicenseSummary, 'pools' | 'type'>): string => {
  const seats = pools.reduce((sum, pool) => sum + pool.seats, 0);
  switch (type) {
    case 'floating':
      return t('lic.for', { seats: count('seats', seats) });
    case 'named':
      return t('lic.for.users', { users: count('users', seats) });
    default:
      return t(`lic.for.${type}`);
  }
};

export const endOf = ({ expires }: Pick<LicenseSummary, 'expires'>): string =>
  expires === null ? t('my.never') : day(expires - 1);

/** "2 of 3", on computers. */
export const activeOn = ({ agents, active }: LicenseSummary): string =>
  agents === 0 ? t('my.noActivation') : t('my.activeOn', { active, agents });

export const shortId = (id: string): string => `${id.slice(0, 8)}…`;
