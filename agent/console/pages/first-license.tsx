/** What an agent without any license shows, and nothing else. */

import { AddLicense } from '../parts/add-license.tsx';
import { useMay } from '../parts/session.ts';
import { t } from '../text.ts';

export const FirstLicense = () => {
  const mayAdd = useMay('administrator');
  return (
    <main class="door wide">
      <div class="card">
        <img src="/icon.svg" alt="" width="40" height="40" />
        <h1>{t('first.title')}</h1>
        <p>{mayAdd ? t('first.lead') : t('first.viewer')}</p>
        {mayAdd ? <AddLicense /> : null}
      </div>
    </main>
  );
};
