/** Why a license is in its state, what the administrator can do, and when that changes next. */

import type { LicenseView } from '../../core/operations.ts';
import { day, fromNow, say, t } from '../text.ts';

export const LicenseWhy = ({ license }: { readonly license: LicenseView }) => {
  const { state, refusal, remedy, nextChange, ends, vendorSays } = license;
  const isChanging = nextChange !== null && nextChange !== ends;
  const differs = differing(license);
  return (
    <>
      {refusal === null ? null : <p class="fault">{say('refusal', refusal)}</p>}
      {differs === '' ? null : <p>{t('lic.otherHost.differs', { what: differs })}</p>}
      {vendorSays === null ? null : <p>{t('act.vendorSays', { words: vendorSays })}</p>}
      {remedy === null ? null : <p class="remedy">{say('remedy', refusal ?? state, remedy)}</p>}
      {isChanging ? <p class="muted">{t('lic.nextChange', { when: whenOf(nextChange) })}</p> : null}
    </>
  );
};

const whenOf = (seconds: number): string => `${day(seconds)} (${fromNow(seconds)})`;

/** The parts of this computer that are not those of the one it is for; no value is named. */
const differing = ({ otherHost }: LicenseView): string => {
  const titles = otherHost?.components.filter(({ matched }) => !matched).map(({ title }) => title);
  return [...new Set(titles)].join(', ');
};
