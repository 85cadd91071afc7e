/** Where the vendor's people and its customers sign in. */

import { useEffect, useState } from 'preact/hooks';
import { Refused } from '../../api.ts';
import { t } from '../../text.ts';
import { signIn, type Visitor } from '../master-api.ts';

export const Door = ({ onEnter }: { readonly onEnter: (visitor: Visitor) => void }) => {
  const [fault, setFault] = useState('');
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t('door.title')} – Usher`;
  }, []);
  const enter = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    try {
      onEnter(await signIn(String(data.get('name')), String(data.get('password'))));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setFault(error.status === 401 ? t('door.wrong') : error.message);
      setBusy(false);
    }
  };
  return (
    <main class="door">
      <div class="card">
        <img src="/icon.svg" alt="" width="40" height="40" />
        <h1>{t('door.title')}</h1>
        <p class="muted">{t('door.master')}</p>
        <form onSubmit={enter}>
          <label>
            {t('door.name')}
            <input name="name" autocomplete="username" required maxLength={254} />
          </label>
          <label>
            {t('door.password')}
            <input
              name="password"
              type="password"
              autocomplete="current-password"
              required
              maxLength={256}
            />
          </label>
          {fault === '' ? null : (
            <p class="fault" role="alert">
              {fault}
            </p>
          )}
          <div class="actions start">
            <button type="submit" class="main" disabled={isBusy}>
              {t('door.enter')}
            </button>
          </div>
        </form>
        <p class="muted hint">{t('door.none')}</p>
      </div>
    </main>
  );
};
