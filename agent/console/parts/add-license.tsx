/** Adds licenses by paste, file or drop, with the tolerance that the command has. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { LicenseAdded } from '../../core/operations.ts';
import { addFile, ask } from '../api.ts';
import { say, t } from '../text.ts';
import { attempt } from './attempt.ts';
import { toast } from './toast.tsx';

export const AddLicense = () => {
  const [text, setText] = useState('');
  const [results, setResults] = useState<readonly LicenseAdded[]>([]);
  const [isOver, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const show = (added: readonly LicenseAdded[]): void => {
    setResults(added.filter(({ fault }) => fault !== null));
    for (const { added: one, fault } of added) {
      if (one === null || fault !== null) continue;
      toast(t('lic.added', { product: one.product, state: say('state', one.state) }));
    }
  };
  const addFiles = (files: FileList | null): Promise<boolean> =>
    attempt(async () => {
      const all: LicenseAdded[] = [];
      for (const file of files ?? []) all.push(...(await addFile(file)).results);
      show(all);
    });
  useEffect(() => {
    const drag = (event: DragEvent): void => {
      event.preventDefault();
      setOver(event.type === 'dragover');
      if (event.type === 'drop') void addFiles(event.dataTransfer?.files ?? null);
    };
    const kinds = ['dragover', 'dragleave', 'drop'] as const;
    for (const kind of kinds) addEventListener(kind, drag);
    return () => {
      for (const kind of kinds) removeEventListener(kind, drag);
    };
  }, []);
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
        <button type="button" class="quiet" onClick={() => picker.current?.click()}>
          {t('lic.file')}
        </button>
        <span class="muted">{t('lic.drop')}</span>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t('lic.file')}
          onChange={(event) => {
            void addFiles(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
      </div>
    </form>
  );
};
