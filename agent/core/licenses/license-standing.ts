/** What a license is worth at this moment on this host. */

import type { License } from '../../../protocol/license.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { HostVerdict } from '../host/host-verdict.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import type { Binding, Bound } from './binding.ts';

export type LicenseState =
  | 'installed'
  | 'active'
  | 'pending'
  | 'expiring'
  | 'expired'
  | 'emergency'
  | 'suspended'
  | 'revoked'
  | 'superseded'
  | 'virtual-host'
  | 'wrong-host'
  | 'invalid';

export interface Standing {
  readonly state: LicenseState;
  /** Why it lends nothing, or `undefined` when it lends. */
  readonly refusal: RefusalCode | undefined;
}

/** A license in its last 30 days says so. */
export const EXPIRING_SECONDS = 30 * 86_400;

/** What is known of a license beside its text. */
export interface LicenseFacts {
  /** When its trial ends; `undefined` before its first use, and for what is no trial. */
  readonly trialEnds: EpochSeconds | undefined;
  readonly isSuperseded: boolean;
  /** It, its activation or the agent is bound to another computer than this. */
  readonly isElsewhere: boolean;
  /** Why the site that the agent is a member of cannot share it. */
  readonly unshared: RefusalCode | undefined;
  readonly binding: Binding;
}

/** Judges a license by its dates, its place among others, its activation and the host. */
export const licenseStanding = (
  license: License,
  facts: LicenseFacts,
  wall: EpochSeconds,
  host: JudgedHost,
): Standing => {
  if (facts.isSuperseded) return { state: 'superseded', refusal: 'license-superseded' };
  const own = ownStanding(license, facts, wall);
  const isOver = own.state === 'revoked' || own.state === 'invalid' || own.state === 'expired';
  if (isOver) return own;
  if (facts.isElsewhere) return { state: 'wrong-host', refusal: 'wrong-host' };
  const hostRefusal = refuseHost(license.hosts, host) ?? refuseHost(localRules(host), host);
  if (hostRefusal !== undefined) return { state: 'virtual-host', refusal: hostRefusal };
  return { state: own.state, refusal: own.refusal ?? facts.unshared };
};

/**
 * Why a lease that is held may not be renewed. Its dates end it, and its activation and its vendor; a
 * host that has become another one does not: who works goes on working, and no seat is lent anew. But
 * a computer that the license or the agent is not for ends it: the same leases may be held at the agent
 * that this one was copied from.
 */
export const renewalRefusal = (
  license: License,
  facts: LicenseFacts,
  wall: EpochSeconds,
): RefusalCode | undefined =>
  ownStanding(license, facts, wall).refusal ?? (facts.isElsewhere ? 'wrong-host' : facts.unshared);

/** Whether it takes the place of others: it has begun, and its vendor and activation let it lend. */
export const isInForce = (
  license: License,
  { binding }: Pick<LicenseFacts, 'binding'>,
  wall: EpochSeconds,
): boolean =>
  wall >= license.starts &&
  !binding.revoked &&
  !binding.invalid &&
  refuseActivation(license, binding, wall) === undefined;

/** The activation by which it lends now, of those that it has: the vendor's before an emergency. */
export const activationAt = (
  { vendor, emergency, returned }: Binding,
  wall: EpochSeconds,
): Bound | undefined => {
  if (returned) return undefined;
  if (vendor !== undefined && (vendor.ends === null || wall < vendor.ends)) return vendor;
  const isOn =
    emergency !== undefined &&
    emergency.signed.activation.issued <= wall &&
    emergency.ends !== null &&
    wall < emergency.ends;
  return isOn ? emergency : undefined;
};

/** Why its activation, or its vendor, keeps it from lending. */
const refuseActivation = (
  { activation }: License,
  binding: Binding,
  wall: EpochSeconds,
): RefusalCode | undefined => {
  if (binding.suspended) return 'license-suspended';
  if (activation === null) return undefined;
  if (binding.returned) return 'license-returned';
  if (activationAt(binding, wall) !== undefined) return undefined;
  const wasActive = binding.vendor !== undefined || binding.emergency !== undefined;
  return wasActive ? 'activation-ended' : 'not-activated';
};

/** A license judged by what is its own: its dates, its activation and its vendor's word. */
const ownStanding = (license: License, facts: LicenseFacts, wall: EpochSeconds): Standing => {
  const { trialEnds, binding } = facts;
  if (binding.revoked) return { state: 'revoked', refusal: 'license-revoked' };
  if (binding.invalid) return { state: 'invalid', refusal: 'license-invalid' };
  if (license.expires !== null && wall >= license.expires) {
    return { state: 'expired', refusal: 'license-expired' };
  }
  if (trialEnds !== undefined && wall >= trialEnds) {
    return { state: 'expired', refusal: 'trial-ended' };
  }
  const refusal = refuseActivation(license, binding, wall);
  if (refusal !== undefined) {
    return { state: refusal === 'license-suspended' ? 'suspended' : 'installed', refusal };
  }
  if (wall < license.starts) return { state: 'pending', refusal: 'license-pending' };
  const active = activationAt(binding, wall);
  if (active !== undefined && active.signed.origin === null) {
    return { state: 'emergency', refusal: undefined };
  }
  const ends = Math.min(
    license.expires ?? Number.POSITIVE_INFINITY,
    trialEnds ?? Number.POSITIVE_INFINITY,
  );
  const isEnding = ends - wall <= EXPIRING_SECONDS || isRunningOut(active, wall);
  return { state: isEnding ? 'expiring' : 'active', refusal: undefined };
};

/** When an activation that is refreshed in time comes near its end, nobody has been reached. */
const isRunningOut = (active: Bound | undefined, wall: EpochSeconds): boolean =>
  active !== undefined && active.ends !== null && wall >= noticeOf(active, active.ends);

/** From when on the end of an activation is told of: its last quarter, 30 days at most. */
export const noticeOf = ({ signed, notice }: Bound, ends: EpochSeconds): EpochSeconds => {
  if (notice !== undefined) return notice;
  const life = ends - signed.activation.issued;
  return epochSeconds(Math.max(0, ends - Math.min(EXPIRING_SECONDS, Math.ceil(life / 4))));
};

/** Whose rule refuses this host: the vendor's in the license, or the one set here. */
export const whoRefusesHost = (
  license: License,
  host: JudgedHost,
): 'license' | 'settings' | undefined => {
  if (refuseHost(license.hosts, host) !== undefined) return 'license';
  return refuseHost(localRules(host), host) === undefined ? undefined : 'settings';
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
