/** Another password for whoever is signed in. */

import { useState } from 'preact/hooks';
import { attempt } from '../../parts/attempt.ts';
import { toast } from '../../parts/toast.tsx';
import { t } from '../../text.ts';
import { askMaster, currentVisitor, signIn } from '../master-api.ts';
import { Labelled } from '../parts/labelled.tsx';

/** Characters of a password, as the master wants them. */
const LEAST = 10;

export const AccountPage = () => {
  const [again, setAgain] = useState('');
  const [password, setPassword] = useState('');
  const [old, setOld] = useState('');
  const differ = again !== '' && again !== password;
  const change = (event: Event): void => {
    event.preventDefault();
    void attempt(async () => {
      const visitor = await currentVisitor();
      await askMaster('done', { kind: 'own-password', old, password });
      // Everybody of this account was signed out; whoever is here knows the new password.
      if (visitor !== undefined) await signIn(visitor.name, password);
      for (const empty of [setOld, setPassword, setAgain]) empty('');
      toast(t('me.changed'));
    });
  };
  return (
    <>
      <h1>{t('nav.mine.account')}</h1>
      <form class="card slim" onSubmit={change}>
        <h2>{t('me.password')}</h2>
        <label>
          {t('me.old')}
          <input
            type="password"
            autocomplete="current-password"
            required
            value={old}
            onInput={(event) => setOld(event.currentTarget.value)}
          />
        </label>
        <Labelled label={t('me.new')} hint={t('me.least', { n: LEAST })}>
          {(about) => (
            <input
              type="password"
              autocomplete="new-password"
              required
              minLength={LEAST}
              maxLength={256}
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
              aria-describedby={about}
            />
          )}
        </Labelled>
        <Labelled label={t('me.again')} hint={differ ? t('me.differ') : undefined} isWrong={differ}>
          {(about) => (
            <input
              type="password"
              autocomplete="new-password"
              required
              value={again}
              aria-invalid={differ}
              aria-describedby={about}
              onInput={(event) => setAgain(event.currentTarget.value)}
            />
          )}
        </Labelled>
        <p class="muted">{t('me.out')}</p>
        <div class="actions start">
          <button
            type="submit"
            class="main"
            disabled={again !== password || password.length < LEAST}
          >
            {t('me.change')}
          </button>
        </div>
      </form>
    </>
  );
};
