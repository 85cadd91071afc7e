/** A new password, shown once. */

import { CopyButton } from '../../parts/copy-button.tsx';
import { Sheet } from '../../parts/sheet.tsx';
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
      <CopyButton text={password} />
    </p>
  </Sheet>
);
