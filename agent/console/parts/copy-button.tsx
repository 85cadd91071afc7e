/** Puts a text into the clipboard, and says so. */

import { t } from '../text.ts';
import { toast } from './toast.tsx';

export const CopyButton = ({ text }: { readonly text: string }) => (
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
);
