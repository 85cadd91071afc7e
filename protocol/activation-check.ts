/** Whether an activation makes a license good for lending, on one agent and at one time. */

import type { SignedActivation } from './activation.ts';
import { equalBytes } from './bytes.ts';
import type { ActivationTerms, License } from './license.ts';
import { assert } from './result.ts';
import type { SignedLicense } from './signed-license.ts';
import { type EpochSeconds, epochSeconds, type Seconds } from './units.ts';

/**
 * Why it does not: it is of `other-license` (or an earlier text of this one), for `other-agent`,
 * signed by another vendor (`forged`), over (`activation-expired`), or an emergency that the license
 * does not allow, or not then, or not for so long (`emergency-terms`).
 */
export type ActivationFault =
  | 'other-license'
  | 'other-agent'
  | 'forged'
  | 'activation-expired'
  | 'emergency-terms';

export interface ActivationQuestion {
  readonly signed: SignedActivation;
  /** Its terms are not `null`. */
  readonly license: SignedLicense;
  /** The hash of the license document. */
  readonly licenseHash: Uint8Array;
  /** The X25519 key of the agent that shows it. */
  readonly agentKey: Uint8Array;
  readonly wall: EpochSeconds;
  /** By so much the clock may be wrong. */
  readonly tolerance: Seconds;
}

/** Why an activation is worth nothing here and now; `undefined` where it counts. */
export const checkActivation = (question: ActivationQuestion): ActivationFault | undefined => {
  const { license: terms } = question.license;
  const { activation, origin } = question.signed;
  const { wall, tolerance } = question;
  assert(terms.activation !== null, 'an activation of a license that needs none');
  const isOfLicense =
    activation.license === terms.id && equalBytes(activation.licenseHash, question.licenseHash);
  if (!isOfLicense) return 'other-license';
  if (!equalBytes(activation.agent.boxKey, question.agentKey)) return 'other-agent';
  if (origin !== null && !equalBytes(origin.vendor, question.license.vendor)) return 'forged';
  if (origin === null && !isAllowed(question)) return 'emergency-terms';
  const ends = activationEnds(question.signed, terms.activation);
  return ends !== null && wall >= ends + tolerance ? 'activation-expired' : undefined;
};

/** When an activation ends for good: with its date, or with the grace after it; `null` for never. */
export const activationEnds = (
  { activation, origin }: SignedActivation,
  terms: ActivationTerms,
): EpochSeconds | null => {
  if (activation.until === null) return null;
  const grace = origin === null ? 0 : (terms.refresh?.grace ?? 0);
  return epochSeconds(Math.min(0xffff_ffff, activation.until + grace));
};

/** Before when an emergency may begin, and how long it lasts; `undefined` where there is none. */
export const emergencyOf = ({
  issued,
  activation,
}: License): { readonly before: EpochSeconds; readonly longest: Seconds } | undefined => {
  const emergency = activation?.emergency ?? null;
  if (emergency === null) return undefined;
  const before = epochSeconds(Math.min(0xffff_ffff, issued + emergency.window));
  return { before, longest: emergency.longest };
};

const isAllowed = (question: ActivationQuestion): boolean => {
  const { license } = question.license;
  const { issued, until } = question.signed.activation;
  const terms = emergencyOf(license);
  if (terms === undefined || until === null) return false;
  if (issued < license.issued || issued >= terms.before) return false;
  return until <= issued + terms.longest && issued <= question.wall + question.tolerance;
};
