/** Whether a seat that was decided on is still what was asked for, when it is about to be spoken of. */

import { refuseResource } from '../../../protocol/coverage.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { ResourceRegister } from '../resources/resource-register.ts';
import { licensesOf } from '../sessions/granted-reply.ts';
import type { ClaimPart } from './seat-claims.ts';

export interface ChosenParts {
  readonly shelf: LicenseShelf;
  readonly resources: ResourceRegister;
}

/** What was chosen for a seat, and for what. */
interface Chosen extends Pick<SeatWish, 'resource'> {
  readonly licenses: readonly LicenseId[];
}

/**
 * Why a seat that was decided on is not spoken of: another license has taken the place of one that
 * was chosen, and may not cover what was asked for; or one is activated for something else since.
 */
export const refuseChosen = (
  { shelf, resources }: ChosenParts,
  parts: readonly ClaimPart[],
  { licenses, resource }: Chosen,
): RefusalCode | undefined => {
  const now = licensesOf(parts);
  if (!licenses.every((id, i) => now[i] === id)) return 'license-superseded';
  for (const id of now) {
    const license = shelf.get(id)?.license;
    const name = resources.resourceOf(id)?.name;
    const code = license && refuseResource(license, name, { resource });
    if (code !== undefined) return code;
  }
  return undefined;
};
