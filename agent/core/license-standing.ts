/** What a license is worth at this moment on this host. */

import type { License } from '../../protocol/license.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import type { HostVerdict } from './host/host-verdict.ts';
import type { JudgedHost } from './judged-host.ts';

export type LicenseState =
  | 'installed'
  | 'active'
  | 'pending'
  | 'expiring'
  | 'expired'
  | 'superseded'
  | 'virtual-host'
  | 'wrong-host';

export interface Standing {
  readonly state: LicenseState;
  /** Why it lends nothing, or `undefined` when it lends. */
  readonly refusal: RefusalCode | undefined;
}

/** A license in its last 30 days says so. */
const EXPIRING_SECONDS = 30 * 86_400;

/** What is known of a license beside its text. */
export interface LicenseFacts {
  /** When its trial ends; `undefined` before its first use, and for what is no trial. */
  readonly trialEnds: EpochSeconds | undefined;
  readonly isSuperseded: boolean;
  /** It, or the agent, is bound to another computer than this. */
  readonly isElsewhere: boolean;
}

/** Judges a license by its dates, its place among others, its activation and the host. */
export const licenseStanding = (
  license: License,
  facts: LicenseFacts,
  wall: EpochSeconds,
  host: JudgedHost,
): Standing => {
  if (facts.isSuperseded) return { state: 'superseded', refusal: 'license-superseded' };
  const dated = datedStanding(license, facts, wall);
  if (dated.state === 'expired') return dated;
  if (facts.isElsewhere) return { state: 'wrong-host', refusal: 'wrong-host' };
  const hostRefusal = refuseHost(license.hosts, host) ?? refuseHost(localRules(host), host);
  if (hostRefusal !== undefined) return { state: 'virtual-host', refusal: hostRefusal };
  return dated;
};

/**
 * Why a lease that is held may not be renewed. Its dates end it; a host that has become another one
 * does not: who works goes on working, and no seat is lent anew. But a computer that the license or the
 * agent is not for ends it: the same leases may be held at the agent that this one was copied from.
 */
export const renewalRefusal = (
  license: License,
  facts: LicenseFacts,
  wall: EpochSeconds,
): RefusalCode | undefined =>
  datedStanding(license, facts, wall).refusal ?? (facts.isElsewhere ? 'wrong-host' : undefined);

/** Whose rule refuses this host: the vendor's in the license, or the one set here. */
export const whoRefusesHost = (
  license: License,
  host: JudgedHost,
): 'license' | 'settings' | undefined => {
  if (refuseHost(license.hosts, host) !== undefined) return 'license';
  return refuseHost(localRules(host), host) === undefined ? undefined : 'settings';
};

/** A license judged by its dates and its activation. */
const datedStanding = (
  license: License,
  { trialEnds }: LicenseFacts,
  wall: EpochSeconds,
): Standing => {
  if (license.expires !== null && wall >= license.expires) {
    return { state: 'expired', refusal: 'license-expired' };
  }
  if (trialEnds !== undefined && wall >= trialEnds) {
    return { state: 'expired', refusal: 'trial-ended' };
  }
  if (license.activation === 'required') return { state: 'installed', refusal: 'not-activated' };
  if (wall < license.starts) return { state: 'pending', refusal: 'license-pending' };
  const ends = Math.min(
    license.expires ?? Number.POSITIVE_INFINITY,
    trialEnds ?? Number.POSITIVE_INFINITY,
  );
  return { state: ends - wall <= EXPIRING_SECONDS ? 'expiring' : 'active', refusal: undefined };
};

/** What is refused here whatever a license allows; in a container, the machine beneath counts too. */
const localRules = ({ refused }: JudgedHost): License['hosts'] => ({
  virtual: refused.includes('virtual') ? 'refuse' : 'allow',
  container: refused.includes('container') ? 'refuse' : 'host',
  unknown: refused.includes('unknown') ? 'refuse' : 'allow',
});

/** The refusal of a host that such rules do not allow. */
const refuseHost = (
  { virtual, container, unknown }: License['hosts'],
  host: HostVerdict,
): RefusalCode | undefined => {
  const beneath = (kind: HostVerdict['host']): RefusalCode | undefined => {
    if (kind === 'virtual' && virtual === 'refuse') return 'virtual-host';
    if (kind === 'unknown' && unknown === 'refuse') return 'unknown-host';
    return undefined;
  };
  if (host.verdict !== 'container') return beneath(host.verdict);
  if (container === 'refuse') return 'container-host';
  return container === 'allow' ? undefined : beneath(host.host);
};
