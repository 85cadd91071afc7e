/** Why a license is in its state, and what its administrator can do, in words. */

import type { License } from '../../protocol/license.ts';
import { REFUSALS, type RefusalCode } from '../../protocol/refusal.ts';
import type { LicenseState } from './license-standing.ts';

export interface LicenseAdvice {
  readonly reason: string;
  /** `null` where nothing needs to be done. */
  readonly remedy: string | null;
}

const RENEW = 'Ask the vendor for a renewal and add it with `usher license add FILE`.';

export const adviceOf = (
  license: Pick<License, 'id' | 'activation' | 'expires'>,
  state: LicenseState,
  refusal: RefusalCode | undefined,
): LicenseAdvice => {
  if (refusal !== undefined) {
    const { sentence, administrator } = REFUSALS[refusal];
    const isInactive =
      refusal === 'not-activated' ||
      refusal === 'activation-ended' ||
      refusal === 'license-returned';
    const remedy = isInactive ? waysToActivate(license) : administrator;
    return { reason: sentence, remedy };
  }
  switch (state) {
    case 'emergency':
      return {
        reason: 'It lends by an emergency activation, which cannot be had again.',
        remedy: waysToActivate(license),
      };
    case 'expiring':
      return {
        reason: 'It lends, and ends soon.',
        remedy:
          license.activation === null
            ? RENEW
            : `${waysToRefresh(license)} Where the license itself ends, ask the vendor for a renewal.`,
      };
    default:
      return { reason: 'It lends.', remedy: null };
  }
};

/** The next command, with a network and without. */
export const waysToActivate = ({ id, activation }: Pick<License, 'id' | 'activation'>): string => {
  const online =
    (activation?.master ?? null) === null ? '' : `\`usher license activate ${id} --online\`, or `;
  return `Activate it: ${online}\`usher license activate ${id} --request FILE\` for a file to carry to the vendor.`;
};

const waysToRefresh = (license: Pick<License, 'id' | 'activation'>): string =>
  (license.activation?.master ?? null) === null
    ? waysToActivate(license)
    : 'Where its activation ends: `usher license refresh`.';
