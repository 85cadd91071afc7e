/** Shows licenses to people: what is signed, and what has become of it here. */

import { hostCodeToText } from '../../../protocol/host-code.ts';
import { keyId } from '../../../protocol/ids.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { nextStageChange } from '../../../protocol/stages.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { ActivationLedger } from '../activation/activation-ledger.ts';
import { describeRefusedHost } from '../host/refused-host.ts';
import type { MeterLedger } from '../meters/meter-ledger.ts';
import type { ResourceRegister } from '../resources/resource-register.ts';
import type { Situation } from '../situation.ts';
import type { Bound } from './binding.ts';
import { adviceOf } from './license-advice.ts';
import type { LicenseJudge } from './license-judge.ts';
import type { ShelvedLicense } from './license-shelf.ts';
import type { ActivationView, LicenseView } from './license-view.ts';

export interface LicenseViewerParts {
  readonly primitives: Primitives;
  readonly judge: LicenseJudge;
  readonly meters: MeterLedger;
  readonly resources: ResourceRegister;
  readonly activations: ActivationLedger;
}

export class LicenseViewer {
  readonly #parts: LicenseViewerParts;

  constructor(parts: LicenseViewerParts) {
    this.#parts = parts;
  }

  view(shelved: ShelvedLicense, { at, host }: Pick<Situation, 'at' | 'host'>): LicenseView {
    const { license, vendor, pools, successor } = shelved;
    const { judge, meters, resources, primitives } = this.#parts;
    const { state, refusal } = judge.standing(shelved, at.wall, host);
    const { hostCode } = license;
    return {
      ...license,
      hostCode: hostCode === null ? null : hostCodeToText(hostCode, primitives.sha512),
      state,
      refusal: refusal ?? null,
      refusedHost: state === 'virtual-host' ? describeRefusedHost(license, host) : null,
      otherHost: state === 'wrong-host' ? (judge.otherHost(shelved) ?? null) : null,
      signer: keyId(primitives.sha512, vendor),
      isChild: shelved.line !== null,
      ends: judge.ends(shelved) ?? null,
      successor: successor ?? null,
      activatedFor: resources.resourceOf(license.id)?.name ?? null,
      ...this.#activation(shelved, at.wall),
      ...adviceOf(shelved, state, refusal),
      nextChange: this.#nextChange(shelved, at.wall),
      lent: pools.reduce((sum, pool) => sum + pool.lent, 0),
      pools: license.pools.map((grant, i) => ({
        ...grant,
        licensed: pools[i]?.licensed ?? 0,
        shared: pools[i]?.most ?? 0,
        lent: pools[i]?.lent ?? 0,
      })),
      meters: license.meters.map((meter) => ({
        ...meter,
        used: meters.used(license.id, meter.name),
      })),
    };
  }

  #activation(
    shelved: ShelvedLicense,
    wall: EpochSeconds,
  ): Pick<
    LicenseView,
    'activated' | 'emergencyBefore' | 'emergencyUntil' | 'vendorSays' | 'returning' | 'returned'
  > {
    const { judge, activations } = this.#parts;
    const { id } = shelved.license;
    const active = judge.activation(shelved, wall);
    const record = activations.record(id);
    const standing = record.standing?.standing;
    // What was said before the last activation is over.
    const isLater = (standing?.number ?? 0) > (record.activation?.activation.number ?? 0);
    const said = isLater ? (standing?.reason ?? '') : '';
    return {
      activated: active === undefined ? null : viewOf(active),
      emergencyBefore: judge.emergencyBefore(shelved, wall) ?? null,
      emergencyUntil: activations.emergencySpent(id) ?? null,
      vendorSays: said === '' ? null : said,
      returning: record.receipt === null ? record.returning : null,
      returned: record.receipt !== null,
    };
  }

  #nextChange(shelved: ShelvedLicense, wall: EpochSeconds): EpochSeconds | null {
    const { pools } = shelved.license;
    const dates = [
      this.#parts.judge.nextChange(shelved, wall),
      ...pools.map(({ stages }) => nextStageChange(stages, wall)),
    ].filter((date) => date !== undefined);
    const [first] = dates.sort((one, other) => one - other);
    return first ?? null;
  }
}

const viewOf = ({ signed, ends }: Bound): ActivationView => {
  const { kind, issued, until } = signed.activation;
  return { by: kind, issued, until, ends };
};
