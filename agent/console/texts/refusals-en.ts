/** Why something was refused, in English: what the command line says, too. */

import { REFUSALS, type RefusalCode } from '../../../protocol/refusal.ts';
import { LICENSE_FAULTS, type LicenseFault } from '../../core/operations.ts';

const refusals = Object.fromEntries(
  Object.entries(REFUSALS).map(([code, { sentence }]) => [`refusal.${code}`, sentence]),
) as Record<`refusal.${RefusalCode}`, string>;

const faults = Object.fromEntries(
  Object.entries(LICENSE_FAULTS).map(([code, sentence]) => [`fault.${code}`, sentence]),
) as Record<`fault.${LicenseFault}`, string>;

export const refusalsEn = { ...refusals, ...faults };
