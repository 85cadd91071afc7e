/** Judges the licenses of this agent: what each is worth now, with all that is known of it here. */

import { emergencyOf } from '../../../protocol/activation-check.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { ActivationLedger } from '../activation/activation-ledger.ts';
import type { HostKeeper } from '../host/host-keeper.ts';
import type { OtherHost } from '../host/host-view.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import type { Bound } from './binding.ts';
import type { ShelvedLicense } from './license-shelf.ts';
import {
  activationAt,
  EXPIRING_SECONDS,
  isInForce,
  type LicenseFacts,
  licenseStanding,
  noticeOf,
  renewalRefusal,
  type Standing,
} from './license-standing.ts';
import type { TrialLedger } from './trial-ledger.ts';

export class LicenseJudge {
  readonly #trials: TrialLedger;
  readonly #hosts: HostKeeper;
  readonly #activations: ActivationLedger;
  readonly #isOfSite: boolean;

  /** `isOfSite`: several agents share the seats as one site. */
  constructor(
    trials: TrialLedger,
    hosts: HostKeeper,
    activations: ActivationLedger,
    isOfSite: boolean,
  ) {
    this.#isOfSite = isOfSite;
    this.#trials = trials;
    this.#hosts = hosts;
    this.#activations = activations;
  }

  standing(shelved: ShelvedLicense, wall: EpochSeconds, host: JudgedHost): Standing {
    return licenseStanding(shelved.license, this.#facts(shelved), wall, host);
  }

  /** Why a lease of this license may not be renewed. */
  renewalRefusal(shelved: ShelvedLicense, wall: EpochSeconds): RefusalCode | undefined {
    return renewalRefusal(shelved.license, this.#facts(shelved), wall);
  }

  /** Whether it takes the place of those that it supersedes. */
  isInForce(shelved: ShelvedLicense, wall: EpochSeconds): boolean {
    return isInForce(shelved.license, { binding: this.#activations.bindingOf(shelved) }, wall);
  }

  /** The activation by which it lends now; `undefined` for none, and where it needs none. */
  activation(shelved: ShelvedLicense, wall: EpochSeconds): Bound | undefined {
    return activationAt(this.#activations.bindingOf(shelved), wall);
  }

  /** When the license ends: its last date, or that of its trial once it has begun. */
  ends({ license, vendor }: ShelvedLicense): EpochSeconds | undefined {
    const { product, trial, expires } = license;
    const trialEnds = trial === null ? undefined : this.#trials.ends(vendor, product, trial);
    if (expires === null) return trialEnds;
    return trialEnds !== undefined && trialEnds < expires ? trialEnds : expires;
  }

  /** When it lends no more, as far as is known now: with its activation, if that ends before. */
  lendsUntil(shelved: ShelvedLicense, wall: EpochSeconds): EpochSeconds | undefined {
    const ends = this.ends(shelved);
    const active = this.activation(shelved, wall)?.ends ?? undefined;
    return earliest([ends, active]);
  }

  /**
   * When its state changes next by the calendar, after this time; `undefined` for never. Stages are
   * the shelf's.
   */
  nextChange(shelved: ShelvedLicense, wall: EpochSeconds): EpochSeconds | undefined {
    const { license } = shelved;
    const { vendor, emergency } = this.#activations.bindingOf(shelved);
    const ends = this.ends(shelved);
    const dates = [
      license.starts,
      ends,
      ends === undefined ? undefined : epochSeconds(Math.max(0, ends - EXPIRING_SECONDS)),
      ...(emergency === undefined ? [] : [emergency.signed.activation.issued]),
      ...[vendor, emergency].flatMap((one) =>
        one === undefined || one.ends === null ? [] : [one.ends, noticeOf(one, one.ends)],
      ),
    ];
    return earliest(dates.filter((date) => date !== undefined && date > wall));
  }

  /** Before when it can be activated for an emergency; `undefined` where it cannot any more. */
  emergencyBefore({ license }: ShelvedLicense, wall: EpochSeconds): EpochSeconds | undefined {
    const before = emergencyOf(license)?.before;
    const isSpent = this.#activations.emergencySpent(license.id) !== undefined;
    return before === undefined || wall >= before || isSpent ? undefined : before;
  }

  /** Why this computer is not the one that the license is for; `undefined` where it is. */
  otherHost(shelved: ShelvedLicense): OtherHost | undefined {
    const { license, vendor } = shelved;
    const { id, type, hostCode } = license;
    // The computer of a standalone license is a client's.
    const isBound = hostCode !== null && type !== 'standalone';
    const other = this.#hosts.otherHost(isBound ? { name: id, hostCode, vendor } : undefined);
    if (other !== undefined || license.activation === null) return other;
    // Its parent's is that of the parent's computer.
    if (shelved.line !== null) return undefined;
    const host = this.#activations.bindingOf(shelved).vendor?.signed.activation.host;
    // An agent that could see nothing of its computer was bound to none.
    if (host === undefined || host.length <= 1) return undefined;
    return this.#hosts.otherHost({ name: `activation ${id}`, hostCode: host, vendor });
  }

  #facts(shelved: ShelvedLicense): LicenseFacts {
    const { license, vendor, successor } = shelved;
    const { product, trial } = license;
    const trialEnds = trial === null ? undefined : this.#trials.ends(vendor, product, trial);
    const isElsewhere = this.otherHost(shelved) !== undefined;
    const binding = this.#activations.bindingOf(shelved);
    const unshared = this.#isOfSite ? refuseSharing(shelved) : undefined;
    return { trialEnds, isSuperseded: successor !== undefined, isElsewhere, unshared, binding };
  }
}

/** What is counted for it at each agent by itself would count as often as there are members. */
const refuseSharing = ({ line }: ShelvedLicense): RefusalCode | undefined =>
  line === null ? undefined : 'site-child';

const earliest = (dates: readonly (EpochSeconds | undefined)[]): EpochSeconds | undefined => {
  let first: EpochSeconds | undefined;
  for (const date of dates) {
    if (date !== undefined && (first === undefined || date < first)) first = date;
  }
  return first;
};
