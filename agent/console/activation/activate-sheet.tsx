/** The ways to activate a license: by its vendor's master, by a file, or for some days by nobody. */

import { useState } from 'preact/hooks';
import type { ActivationOutcome, LicenseView } from '../../core/operations.ts';
import { ask } from '../api.ts';
import { attempt } from '../parts/attempt.ts';
import { Sheet } from '../parts/sheet.tsx';
import { toast } from '../parts/toast.tsx';
import { day, t } from '../text.ts';
import { ByFile } from './by-file.tsx';
import { tellOutcome } from './outcome.ts';

interface ActivateProps {
  readonly license: LicenseView;
  readonly onClose: () => void;
}

export const ActivateSheet = ({ license, onClose }: ActivateProps) => {
  const { product, activation, emergencyBefore } = license;
  const show = (outcome: ActivationOutcome): void => {
    if (tellOutcome(outcome)) onClose();
  };
  return (
    <Sheet title={t('act.title', { product })} onClose={onClose}>
      {activation?.master == null ? null : (
        <Online license={license} master={activation.master} show={show} />
      )}
      <ByFile license={license} show={show} />
      {emergencyBefore === null ? null : (
        <section>
          <h3>{t('act.emergency')}</h3>
          <p>{t('act.emergency.lead', { day: day(emergencyBefore) })}</p>
          <button
            type="button"
            class="quiet"
            onClick={() =>
              attempt(async () => {
                const done = await ask({ kind: 'license-emergency', id: license.id });
                const until = done.license.emergencyUntil;
                toast(t('act.emergency.begun', { day: until === null ? '' : day(until) }));
                onClose();
              })
            }
          >
            {t('act.emergency.begin')}
          </button>
        </section>
      )}
    </Sheet>
  );
};

interface OnlineProps {
  readonly license: LicenseView;
  readonly master: string;
  readonly show: (outcome: ActivationOutcome) => void;
}

const Online = ({ license: { id }, master, show }: OnlineProps) => {
  const [isBusy, setBusy] = useState(false);
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const activate = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const credentials = name === '' ? null : { name, secret };
    await attempt(async () => {
      show(await ask({ kind: 'license-activate', ids: [id], credentials }));
    });
    setBusy(false);
  };
  return (
    <section>
      <h3>{t('act.online')}</h3>
      <p>{t('act.online.lead', { master })}</p>
      <form onSubmit={activate}>
        <details>
          <summary>{t('act.account')}</summary>
          <div class="duo">
            <label>
              {t('act.account.name')}
              <input
                autocomplete="username"
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            </label>
            <label>
              {t('act.account.secret')}
              <input
                type="password"
                autocomplete="off"
                value={secret}
                onInput={(event) => setSecret(event.currentTarget.value)}
              />
            </label>
          </div>
        </details>
        <button type="submit" class="main" disabled={isBusy}>
          {isBusy ? t('act.asking') : t('act.now')}
        </button>
      </form>
    </section>
  );
};
