/** Judges the licenses of this agent: what each is worth now, with all that is known of it here. */

import type { RefusalCode } from '../../protocol/refusal.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import type { HostKeeper } from './host-keeper.ts';
import type { OtherHost } from './host-view.ts';
import type { JudgedHost } from './judged-host.ts';
import type { ShelvedLicense } from './license-shelf.ts';
import {
  type LicenseFacts,
  licenseStanding,
  renewalRefusal,
  type Standing,
} from './license-standing.ts';
import type { TrialLedger } from './trial-ledger.ts';

export class LicenseJudge {
  readonly #trials: TrialLedger;
  readonly #hosts: HostKeeper;

  constructor(trials: TrialLedger, hosts: HostKeeper) {
    this.#trials = trials;
    this.#hosts = hosts;
  }

  standing(shelved: ShelvedLicense, wall: EpochSeconds, host: JudgedHost): Standing {
    return licenseStanding(shelved.license, this.#facts(shelved), wall, host);
  }

  /** Why a lease of this license may not be renewed. */
  renewalRefusal(shelved: ShelvedLicense, wall: EpochSeconds): RefusalCode | undefined {
    return renewalRefusal(shelved.license, this.#facts(shelved), wall);
  }

  /** When the license ends: its last date, or that of its trial once it has begun. */
  ends(shelved: ShelvedLicense): EpochSeconds | undefined {
    const { trialEnds } = this.#facts(shelved);
    const { expires } = shelved.license;
    if (expires === null) return trialEnds;
    return trialEnds !== undefined && trialEnds < expires ? trialEnds : expires;
  }

  /** Why this computer is not the one that the license is for; `undefined` where it is. */
  otherHost({ license, signer }: ShelvedLicense): OtherHost | undefined {
    const { id, type, hostCode } = license;
    // The computer of a standalone license is a client's.
    const isBound = hostCode !== null && type !== 'standalone';
    return this.#hosts.otherHost(isBound ? { name: id, hostCode, signer } : undefined);
  }

  #facts(shelved: ShelvedLicense): LicenseFacts {
    const { license, signer, successor } = shelved;
    const { product, trial } = license;
    const trialEnds = trial === null ? undefined : this.#trials.ends(signer, product, trial);
    const isElsewhere = this.otherHost(shelved) !== undefined;
    return { trialEnds, isSuperseded: successor !== undefined, isElsewhere };
  }
}
