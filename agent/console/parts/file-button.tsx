/** Lets somebody choose a file, or several. */

import { useRef } from 'preact/hooks';
import { t } from '../text.ts';

interface FileButtonProps {
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

export const FileButton = ({ multiple = false, onFiles }: FileButtonProps) => {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="quiet" onClick={() => picker.current?.click()}>
        {t('lic.file')}
      </button>
      <input
        ref={picker}
        type="file"
        multiple={multiple}
        hidden
        aria-label={t('lic.file')}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file may be chosen again.
          event.currentTarget.value = '';
          onFiles(files);
        }}
      />
    </>
  );
};
