/** A signed text to take away: as a file, by the clipboard, or from the screen. */

import { CopyButton } from '../../parts/copy-button.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { t } from '../../text.ts';

export const SaveText = ({ text, name }: { readonly text: string; readonly name: string }) => (
  <>
    <div class="actions start">
      <button type="button" class="main" onClick={() => saveFile(name, 'text/plain', text)}>
        {t('my.download')}
      </button>
      <CopyButton text={text} />
    </div>
    <details class="text">
      <summary>{t('my.text')}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <pre class="code" tabIndex={0}>
        {text}
      </pre>
    </details>
  </>
);
