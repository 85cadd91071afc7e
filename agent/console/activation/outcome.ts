/** What came of asking a vendor, as short news. */

import type { ActivationOutcome } from '../../core/operations.ts';
import { toast } from '../parts/toast.tsx';
import { say, t } from '../text.ts';

/** Tells it; whether all of it is good. */
export const tellOutcome = ({ results, failures }: ActivationOutcome): boolean => {
  for (const { master, code, sentence } of failures) {
    toast(t('act.failed', { master, why: say('master', code, sentence) }), true);
  }
  let isGood = failures.length === 0;
  for (const { license, what, sentence, view } of results) {
    const isBad = ['refused', 'revoked', 'suspended'].includes(what);
    isGood &&= !isBad;
    const product = view?.product ?? license;
    const words = say('act.what', what);
    toast(`${product}: ${words}${sentence === null ? '' : ` (${sentence})`}`, isBad);
  }
  if (results.length === 0 && failures.length === 0) toast(t('act.nothing'));
  return isGood;
};
