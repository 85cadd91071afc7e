/** The door: how to be let in. */

import { useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../../admin/web/service-view.ts';
import { Refused, signIn } from '../api.ts';
import { t } from '../text.ts';

const COMMAND = 'usher console open';

interface DoorProps {
  /** A link led here and did not let anybody in. */
  readonly wasLink: boolean;
  readonly onEnter: (session: SessionView) => void;
}

export const Door = ({ wasLink, onEnter }: DoorProps) => {
  const [hasPasswords, setHas] = useState(false);
  const [fault, setFault] = useState('');
  useEffect(() => {
    document.title = `${t('door.title')} – Usher`;
    void fetch('/api/door')
      .then((response) => response.json())
      .then(
        ({ passwords }: { passwords: boolean }) => setHas(passwords),
        () => {},
      );
  }, []);
  const enter = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    try {
      onEnter(await signIn({ password: String(data.get('password')) }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setFault(error.message);
    }
  };
  return (
    <main class="door">
      <div class="card">
        <img src="/icon.svg" alt="" width="40" height="40" />
        <h1>{t('door.title')}</h1>
        {wasLink ? (
          <p class="fault" role="alert">
            {t('door.then')}
          </p>
        ) : null}
        <p>{t('door.lead')}</p>
        <p class="command">
          <code>{COMMAND}</code>
          <button
            type="button"
            class="quiet"
            onClick={() => navigator.clipboard.writeText(COMMAND)}
          >
            {t('do.copy')}
          </button>
        </p>
        {wasLink ? null : <p class="muted">{t('door.then')}</p>}
        {hasPasswords ? (
          <form onSubmit={enter}>
            <h2>{t('door.or')}</h2>
            <label>
              {t('door.password')}
              <input name="password" type="password" autocomplete="current-password" required />
            </label>
            {fault === '' ? null : (
              <p class="fault" role="alert">
                {fault}
              </p>
            )}
            <button type="submit" class="main">
              {t('door.enter')}
            </button>
          </form>
        ) : null}
      </div>
    </main>
  );
};
