/** A new password, shown once. */

import { Sheet } from '../../parts/sheet.tsx';
import { toast } from '../../parts/toast.tsx';
import { t } from '../../text.ts';

interface PasswordSheetProps {
  readonly name: string;
  readonly password: string;
  readonly onClose: () => void;
}

export const PasswordSheet = ({ name, password, onClose }: PasswordSheetProps) => (
  <Sheet title={t('cust.made', { name })} onClose={onClose}>
    <p>{t('cust.madeLead')}</p>
    <p class="command">
      <code>{password}</code>
      <button
        type="button"
        class="quiet"
        onClick={async () => {
          await navigator.clipboard.writeText(password);
          toast(t('act.copied'));
        }}
      >
        {t('do.copy')}
      </button>
    </p>
  </Sheet>
);
