/** Licenses that were removed and can be had back. */

import { useMay } from '../parts/session.ts';
import { day, t } from '../text.ts';
import { useOperation } from '../views.ts';
import { restore } from './license-actions.tsx';

export const RemovedLicenses = () => {
  const removed = useOperation({ kind: 'license-removed' })?.licenses ?? [];
  const mayChange = useMay('administrator');
  if (removed.length === 0 || !mayChange) return null;
  return (
    <section class="card removed">
      <h2>{t('act.removed')}</h2>
      <ul class="lines">
        {removed.map(({ license, product, customer, until }) => (
          <li key={license}>
            <span>
              <strong>{product}</strong> {customer}
              <em>{t('act.removed.until', { day: day(until) })}</em>
            </span>
            <button type="button" class="quiet" onClick={() => restore({ id: license, product })}>
              {t('act.restore')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};
