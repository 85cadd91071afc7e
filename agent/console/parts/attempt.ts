/** Does something that the agent may refuse, and says so when it does. */

import { Refused } from '../api.ts';
import { t } from '../text.ts';
import { allStale } from '../views.ts';
import { toast } from './toast.tsx';

/** Whether it was done. */
export const attempt = async (act: () => Promise<void>): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(t('app.failed', { why: error.message }), true);
    return false;
  } finally {
    allStale();
  }
};
