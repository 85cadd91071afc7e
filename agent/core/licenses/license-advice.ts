/** Why a license is in its state, and what its administrator can do, in words. */

import type { License } from '../../../protocol/license.ts';
import { REFUSALS, type RefusalCode } from '../../../protocol/refusal.ts';
import type { ShelvedLicense } from './license-shelf.ts';
import type { LicenseState } from './license-standing.ts';

export interface LicenseAdvice {
  readonly reason: string;
  /** `null` where nothing needs to be done. */
  readonly remedy: string | null;
}

const RENEW = 'Ask the vendor for a renewal and add it with `usher license add FILE`.';

/** Where a parent has given the license, not the vendor. */
const CHILD_ADVICE: Readonly<Partial<Record<RefusalCode, LicenseAdvice>>> = {
  'license-suspended': {
    reason: 'The parent that gave the license has suspended it.',
    remedy:
      'Ask the administrator of the parent; then take up the change with `usher license refresh`.',
  },
  'license-revoked': {
    reason: 'The parent that gave the license has removed it.',
    remedy:
      'Ask the administrator of the parent for another license; add it with `usher license add FILE`.',
  },
};

/** `line`: the chain of parents of a child license; `null` where the vendor gave it. */
export const adviceOf = (
  { license, line }: Pick<ShelvedLicense, 'license' | 'line'>,
  state: LicenseState,
  refusal: RefusalCode | undefined,
): LicenseAdvice => {
  const byParent = line === null || refusal === undefined ? undefined : CHILD_ADVICE[refusal];
  if (byParent !== undefined) return byParent;
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
