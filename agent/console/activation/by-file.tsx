/** A request to carry to the vendor, and what comes back. */

import { useState } from 'preact/hooks';
import type { ActivationOutcome, LicenseView, RequestView } from '../../core/operations.ts';
import { ask } from '../api.ts';
import { attempt } from '../parts/attempt.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { QrPicture } from '../parts/qr-picture.tsx';
import { saveFile } from '../parts/save-file.ts';
import { t } from '../text.ts';

interface ByFileProps {
  readonly license: LicenseView;
  readonly show: (outcome: ActivationOutcome) => void;
}

export const ByFile = ({ license, show }: ByFileProps) => {
  const [requests, setRequests] = useState<readonly RequestView[]>([]);
  return (
    <section>
      <h3>{t('act.file')}</h3>
      <p>{t('act.file.lead')}</p>
      {requests.length === 0 ? (
        <button
          type="button"
          class="quiet"
          onClick={() =>
            attempt(async () => {
              setRequests((await ask({ kind: 'license-request', ids: [license.id] })).requests);
            })
          }
        >
          {t('act.file.make')}
        </button>
      ) : (
        requests.map((one) => <Request key={one.text} text={one.text} product={license.product} />)
      )}
      <Response show={show} />
    </section>
  );
};

const Request = ({ text, product }: { readonly text: string; readonly product: string }) => (
  <div class="request">
    <QrPicture text={text} label={t('act.file.qr')} />
    <div>
      <button
        type="button"
        class="main"
        onClick={() => saveFile(`${product}-request.txt`, 'text/plain', text)}
      >
        {t('act.file.save')}
      </button>
      <CopyButton text={text} />
      <p class="muted">{t('act.file.qrLead')}</p>
    </div>
  </div>
);

const Response = ({ show }: Pick<ByFileProps, 'show'>) => {
  const [text, setText] = useState('');
  const load = (given: string): Promise<boolean> =>
    attempt(async () => show(await ask({ kind: 'license-response', text: given })));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void load(text);
      }}
    >
      <label>
        {t('act.response')}
        <textarea
          rows={3}
          spellcheck={false}
          class="code"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div class="actions start">
        <button type="submit" class="quiet" disabled={text.trim() === ''}>
          {t('act.response.load')}
        </button>
        <FileButton
          onFiles={async ([file]) => {
            const content = (await file?.text()) ?? '';
            if (content !== '') await load(content);
          }}
        />
      </div>
    </form>
  );
};
