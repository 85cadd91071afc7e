/** Judges the licenses of this agent: what each is worth now, with all that is known of it here. */

import type { RefusalCode } from '../../protocol/refusal.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
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

  constructor(trials: TrialLedger) {
    this.#trials = trials;
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

  #facts({ license, vendor, successor }: ShelvedLicense): LicenseFacts {
    const { product, trial } = license;
    const trialEnds = trial === null ? undefined : this.#trials.ends(vendor, product, trial);
    return { trialEnds, isSuperseded: successor !== undefined };
  }
}
