/** What a customer takes away: all its licenses in one file. */

import { attempt } from '../../parts/attempt.ts';
import { saveFile } from '../../parts/save-file.ts';
import { t } from '../../text.ts';
import { askMaster } from '../master-api.ts';

export const DownloadsPage = () => (
  <>
    <h1>{t('nav.mine.downloads')}</h1>
    <section class="card slim">
      <h2>{t('down.licenses')}</h2>
      <p class="muted">{t('down.licensesLead')}</p>
      <div class="actions start">
        <button
          type="button"
          class="main"
          onClick={() =>
            attempt(async () => {
              const { text } = await askMaster('text', { kind: 'license-export' });
              saveFile('licenses.txt', 'text/plain', text);
            })
          }
        >
          {t('down.all')}
        </button>
      </div>
    </section>
  </>
);
