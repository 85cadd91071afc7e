/** Why somebody does it, in his own words. */

import { t } from '../../text.ts';

/** Characters: as many as a standing carries to the agent. */
const REASON_MAX = 200;

interface ReasonFieldProps {
  readonly value: string;
  readonly required?: boolean;
  readonly onValue: (value: string) => void;
}

export const ReasonField = ({ value, required = false, onValue }: ReasonFieldProps) => (
  <label>
    {t('std.reason')}
    <input
      required={required}
      maxLength={REASON_MAX}
      value={value}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  </label>
);
