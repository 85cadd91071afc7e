/** Said above every page while the master answers nobody, for it doubts its clock. */

import { attempt } from '../../parts/attempt.ts';
import { t } from '../../text.ts';
import { askMaster, useMaster } from '../master-api.ts';

export const ClockDoubt = () => {
  const trouble = useMaster('status', { kind: 'status' })?.trouble ?? null;
  if (trouble === null) return null;
  return (
    <div class="away doubt" role="alert">
      <p>{trouble}</p>
      <button
        type="button"
        class="quiet"
        onClick={() =>
          attempt(async () => {
            await askMaster('done', { kind: 'clock-confirm' });
          })
        }
      >
        {t('clock.confirm')}
      </button>
    </div>
  );
};
