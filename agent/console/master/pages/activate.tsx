/** A request that somebody brings, and the vendor's answer to carry back. */

import { useState } from 'preact/hooks';
import type { UploadResult } from '../../../vendor/master/master-operations.ts';
import { attempt } from '../../parts/attempt.ts';
import { FileButton } from '../../parts/file-button.tsx';
import { QrPicture } from '../../parts/qr-picture.tsx';
import { useDrop } from '../../parts/use-drop.ts';
import { t } from '../../text.ts';
import { askMaster } from '../master-api.ts';
import { SaveText } from '../parts/save-text.tsx';

export const ActivatePage = ({ isClerk }: { readonly isClerk: boolean }) => {
  const [text, setText] = useState('');
  const [approves, setApproves] = useState(false);
  const [results, setResults] = useState<readonly UploadResult[]>([]);
  const bring = (given: string): Promise<boolean> =>
    attempt(async () => {
      setResults((await askMaster('uploaded', { kind: 'upload', text: given, approves })).results);
    });
  const bringFile = async (file: File | undefined): Promise<void> => {
    if (file !== undefined) await bring(await file.text());
  };
  const isOver = useDrop(([file]) => void bringFile(file));
  return (
    <>
      <h1>{t(isClerk ? 'nav.clerk.answer' : 'nav.mine.activate')}</h1>
      <p class="lead muted">{t(isClerk ? 'up.leadClerk' : 'up.lead')}</p>
      <form
        class={`card add ${isOver ? 'over' : ''}`}
        onSubmit={(event) => {
          event.preventDefault();
          void bring(text);
        }}
      >
        <label>
          {t('up.request')}
          <textarea
            rows={6}
            spellcheck={false}
            class="code"
            placeholder="-----BEGIN USHER ACTIVATION REQUEST-----"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        {isClerk ? (
          <label class="check">
            <input
              type="checkbox"
              checked={approves}
              onChange={(event) => setApproves(event.currentTarget.checked)}
            />
            <span>{t('up.approve')}</span>
          </label>
        ) : null}
        <div class="actions start">
          <button type="submit" class="main" disabled={text.trim() === ''}>
            {t('up.answer')}
          </button>
          <FileButton onFiles={([file]) => void bringFile(file)} />
          <span class="muted">{t('lic.drop')}</span>
        </div>
      </form>
      {results.map((result, i) => (
        <Answer key={result.response ?? i} result={result} />
      ))}
    </>
  );
};

const Answer = ({ result }: { readonly result: UploadResult }) => {
  const { response, refusals, sentences } = result;
  const isGood = response !== null && refusals === 0;
  return (
    <section class="card answer" aria-live="polite">
      <h2 class={isGood ? 'fine' : 'fault'}>{t(isGood ? 'up.good' : 'up.bad')}</h2>
      <ul class="lines">
        {(isGood ? [] : sentences).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {response === null ? null : (
        <div class="request">
          <QrPicture text={response} label={t('up.qr')} />
          <div class="takes">
            <p class="muted">{t('up.carry')}</p>
            <SaveText text={response} name="response.txt" />
          </div>
        </div>
      )}
    </section>
  );
};
