/** What a license is worth at this moment on this host. */

import type { License } from '../../protocol/license.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import type { HostVerdict } from './host/host-verdict.ts';

export type LicenseState =
  | 'installed'
  | 'active'
  | 'pending'
  | 'expiring'
  | 'expired'
  | 'virtual-host';

export interface Standing {
  readonly state: LicenseState;
  /** Why it lends nothing, or `undefined` when it lends. */
  readonly refusal: RefusalCode | undefined;
}

/** A license in its last 30 days says so. */
const EXPIRING_SECONDS = 30 * 86_400;

/** Judges a license by its dates, its activation and the host. */
export const licenseStanding = (
  license: License,
  wall: EpochSeconds,
  host: HostVerdict,
): Standing => {
  if (license.expires !== null && wall >= license.expires) {
    return { state: 'expired', refusal: 'license-expired' };
  }
  const hostRefusal = refuseHost(license, host);
  if (hostRefusal !== undefined) return { state: 'virtual-host', refusal: hostRefusal };
  if (license.activation === 'required') return { state: 'installed', refusal: 'not-activated' };
  if (wall < license.starts) return { state: 'pending', refusal: 'license-pending' };
  const ending = license.expires !== null && license.expires - wall <= EXPIRING_SECONDS;
  return { state: ending ? 'expiring' : 'active', refusal: undefined };
};

/** The refusal of a host that the vendor's signed rules do not allow. */
const refuseHost = (license: License, host: HostVerdict): RefusalCode | undefined => {
  const { virtual, container, unknown } = license.hosts;
  const beneath = (kind: HostVerdict['host']): RefusalCode | undefined => {
    if (kind === 'virtual' && virtual === 'refuse') return 'virtual-host';
    if (kind === 'unknown' && unknown === 'refuse') return 'unknown-host';
    return undefined;
  };
  if (host.verdict !== 'container') return beneath(host.verdict);
  if (container === 'refuse') return 'container-host';
  return container === 'allow' ? undefined : beneath(host.host);
};
