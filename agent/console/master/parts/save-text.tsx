/** A signed text to take away: as a file, by the clipboard, or from the screen. */

import { saveFile } from '../../parts/save-file.ts';
import { toast } from '../../parts/toast.tsx';
import { t } from '../../text.ts';

export const SaveText = ({ text, name }: { readonly text: string; readonly name: string }) => (
  <>
    <div class="actions start">
      <button type="button" class="main" onClick={() => saveFile(name, 'text/plain', text)}>
        {t('my.download')}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={async () => {
          await navigator.clipboard.writeText(text);
          toast(t('act.copied'));
        }}
      >
        {t('do.copy')}
      </button>
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
