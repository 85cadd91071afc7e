/** Activates a license with nobody's help: once, for a few days, where the license allows it. */

import {
  openActivation,
  type SignedActivation,
  signEmergency,
} from '../../../protocol/activation.ts';
import { emergencyOf } from '../../../protocol/activation-check.ts';
import type { License } from '../../../protocol/license.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { REFUSALS } from '../../../protocol/refusal.ts';
import { assert } from '../../../protocol/result.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { type EpochSeconds, epochSeconds, type Seconds } from '../../../protocol/units.ts';
import type { Change, ChangeQueue } from '../change-queue.ts';
import type { HostKeeper } from '../host/host-keeper.ts';
import { waysToActivate } from '../licenses/license-advice.ts';
import { findLicense } from '../licenses/license-desk.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf, ShelvedLicense } from '../licenses/license-shelf.ts';
import type { LicenseViewer } from '../licenses/license-viewer.ts';
import { type Outcome, refuseOperation } from '../operations.ts';
import type { Allowance } from '../seats/allowance.ts';
import type { Situation } from '../situation.ts';
import type { WallGuard } from '../wall-guard.ts';
import type { ActivationLedger } from './activation-ledger.ts';
import { recordWrite } from './activation-record.ts';

export interface EmergencyDeskParts {
  readonly primitives: Primitives;
  /** The agent's Ed25519 keys. */
  readonly signingKeys: KeyPair;
  readonly shelf: LicenseShelf;
  readonly viewer: LicenseViewer;
  readonly judge: LicenseJudge;
  readonly activations: ActivationLedger;
  readonly hosts: HostKeeper;
  readonly allowance: Allowance;
  readonly changes: ChangeQueue;
  readonly wallGuard: WallGuard;
}

/** Makes it true; it is on the disk. */
interface SetBack {
  readonly apply: () => void;
}

export class EmergencyDesk {
  readonly #parts: EmergencyDeskParts;

  constructor(parts: EmergencyDeskParts) {
    this.#parts = parts;
  }

  /** The outcome, or `undefined` when it is among the effects after a commit. */
  perform(number: number, id: string, situation: Situation): Outcome | undefined {
    return this.#parts.changes.make(number, (at) => this.#activate(id, at), situation);
  }

  /** An activation that the agent gives itself: durable before anything is lent by it. */
  #activate(id: string, situation: Situation): Change | Outcome {
    const { shelf, activations, primitives, hosts, allowance, viewer, wallGuard } = this.#parts;
    const found = findLicense(shelf, id);
    if (!found.ok) return found.error;
    const shelved = found.value;
    const { license, bytes, vendor } = shelved;
    const refusal = this.#refuse(shelved, situation);
    if (refusal !== undefined) return refusal;
    const longest = emergencyOf(license)?.longest ?? 0;
    const issued = situation.at.wall;
    const emergency = this.#sign({
      license: license.id,
      licenseHash: hashDocument(bytes, primitives),
      agent: activations.agent,
      host: hosts.codeFor(vendor),
      issued,
      until: epochSeconds(issued + longest),
    });
    const record = { ...activations.record(license.id), emergency };
    return {
      kind: 'change',
      writes: [recordWrite(license.id, record)],
      onFailure: [activations.writeOf(license.id)],
      apply: (later) => {
        activations.set(license.id, record);
        wallGuard.forgetLeaps();
        allowance.changed();
        allowance.keep(later.at, later.effects);
        const days = Math.ceil(longest / 86_400);
        const note = { kind: 'license-emergency', license: license.id, days } as const;
        later.effects.push({ kind: 'note', note });
        return { kind: 'license-emergency', license: viewer.view(shelved, later) };
      },
    };
  }

  /**
   * The clock is set to `wall`, and `lived` of the time that it loses has truly passed: by so much an
   * emergency ends earlier, so that no clock makes it longer than the license allows.
   */
  setBack(lived: Seconds, wall: EpochSeconds): Pick<Change, 'writes' | 'onFailure'> & SetBack {
    const { activations, allowance } = this.#parts;
    const set = activations.emergencies().flatMap(([license, record, { activation }]) => {
      const { issued, until } = activation;
      if (until === null || until <= wall || (lived === 0 && issued <= wall)) return [];
      const begun = Math.min(issued, wall - 1);
      const dates = {
        issued: epochSeconds(begun),
        until: epochSeconds(Math.max(begun + 1, until - lived)),
      };
      return [
        [license, { ...record, emergency: this.#sign({ ...activation, ...dates }) }] as const,
      ];
    });
    return {
      writes: set.map(([license, record]) => recordWrite(license, record)),
      onFailure: set.map(([license]) => activations.writeOf(license)),
      apply: () => {
        for (const [license, record] of set) activations.set(license, record);
        allowance.changed();
      },
    };
  }

  #sign(emergency: Parameters<typeof signEmergency>[0]): SignedActivation {
    const { signingKeys, primitives } = this.#parts;
    const opened = openActivation(signEmergency(emergency, signingKeys, primitives), primitives);
    assert(opened.ok, 'an emergency that cannot be read');
    return opened.value;
  }

  #refuse(shelved: ShelvedLicense, { at, host }: Situation): Outcome | undefined {
    const { judge, activations } = this.#parts;
    const { license } = shelved;
    if (license.activation === null) return needsNone(license);
    const { refusal } = judge.standing(shelved, at.wall, host);
    if (refusal === undefined) {
      return refuseOperation('already-active', `License ${license.id} is active here.`);
    }
    const terms = emergencyOf(license);
    const ways = waysToActivate(license);
    if (terms === undefined) {
      return refuseOperation(
        'emergency-forbidden',
        `License ${license.id} allows no emergency activation. ${ways}`,
      );
    }
    if (activations.emergencySpent(license.id) !== undefined) {
      return refuseOperation(
        'emergency-spent',
        `License ${license.id} had its one emergency activation on this computer. ${ways}`,
      );
    }
    if (at.wall < license.issued || at.wall >= terms.before) {
      return refuseOperation(
        'emergency-late',
        `License ${license.id} allowed an emergency activation only for a while after its issue. ${ways}`,
      );
    }
    if (refusal === 'not-activated' || refusal === 'activation-ended') return undefined;
    const { sentence, administrator } = REFUSALS[refusal];
    return refuseOperation(refusal, `${sentence} ${administrator}`);
  }
}

export const needsNone = ({ id }: Pick<License, 'id'>): Outcome =>
  refuseOperation('needs-no-activation', `License ${id} needs no activation.`);
