/** Adds licenses by paste, file or drop, with the tolerance that the command has. */

import { useState } from 'preact/hooks';
import type { LicenseAdded } from '../../core/operations.ts';
import { addFile, ask } from '../api.ts';
import { say, t } from '../text.ts';
import { attempt } from './attempt.ts';
import { FileButton } from './file-button.tsx';
import { toast } from './toast.tsx';
import { useDrop } from './use-drop.ts';

export const AddLicense = () => {
  const [text, setText] = useState('');
  const [results, setResults] = useState<readonly LicenseAdded[]>([]);
  const show = (added: readonly LicenseAdded[]): void => {
    setResults(added.filter(({ fault }) => fault !== null));
    for (const { added: one, fault } of added) {
      if (one === null || fault !== null) continue;
      toast(t('lic.added', { product: one.product, state: say('state', one.state) }));
    }
  };
  const addFiles = (files: readonly File[]): Promise<boolean> =>
    attempt(async () => {
      const all: LicenseAdded[] = [];
      for (const file of files) all.push(...(await addFile(file)).results);
      show(all);
    });
  const isOver = useDrop((files) => void addFiles(files));
  const addText = (event: Event): void => {
    event.preventDefault();
    void attempt(async () => {
      const { results: added } = await ask({ kind: 'license-add', text });
      show(added);
      if (added.every(({ fault }) => fault === null)) setText('');
    });
  };
  return (
    <form class={`add ${isOver ? 'over' : ''}`} onSubmit={addText}>
      <label>
        {t('lic.paste')}
        <textarea
          rows={5}
          spellcheck={false}
          class="code"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {results.map(({ fault }, i) => (
        <p key={i} class="fault" role="alert">
          {t('lic.notAdded', { why: say('fault', fault ?? '') })}
        </p>
      ))}
      <div class="actions start">
        <button type="submit" class="main" disabled={text.trim() === ''}>
          {t('lic.addNow')}
        </button>
        <FileButton multiple onFiles={(files) => void addFiles(files)} />
        <span class="muted">{t('lic.drop')}</span>
      </div>
    </form>
  );
};
