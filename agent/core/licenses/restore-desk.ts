/** Takes back what was done to a license: that it was removed, or is about to be given back. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { ActivationLedger } from '../activation/activation-ledger.ts';
import { recordWrite } from '../activation/activation-record.ts';
import type { Change, ChangeQueue } from '../change-queue.ts';
import { noMatch } from '../no-match.ts';
import { type Outcome, refuseOperation } from '../operations.ts';
import type { Allowance } from '../seats/allowance.ts';
import { licenseStoreKey } from '../seats/lease-record.ts';
import type { Situation } from '../situation.ts';
import { LICENSES_MAX, type LicenseShelf, type ShelvedLicense } from './license-shelf.ts';
import type { LicenseViewer } from './license-viewer.ts';
import type { RemovedLicenses } from './removed-licenses.ts';

export interface RestoreDeskParts {
  readonly shelf: LicenseShelf;
  readonly viewer: LicenseViewer;
  readonly removed: RemovedLicenses;
  readonly activations: ActivationLedger;
  readonly allowance: Allowance;
  readonly changes: ChangeQueue;
}

export class RestoreDesk {
  readonly #parts: RestoreDeskParts;

  constructor(parts: RestoreDeskParts) {
    this.#parts = parts;
  }

  list({ at }: Situation): Outcome {
    const { removed, shelf } = this.#parts;
    const gone = removed.list(at.wall).filter(({ license }) => shelf.get(license) === undefined);
    return { kind: 'license-removed', licenses: gone };
  }

  /** The outcome, or `undefined` when it is among the effects after a commit. */
  restore(number: number, id: string, situation: Situation): Outcome | undefined {
    return this.#parts.changes.make(number, (at) => this.#restore(id, at), situation);
  }

  #restore(id: string, { at }: Situation): Change | Outcome {
    const { shelf, removed, activations } = this.#parts;
    const returning = [...shelf.all()].filter(({ license }) => {
      const { returning: since, receipt } = activations.record(license.id);
      return license.id.startsWith(id) && since !== null && receipt === null;
    });
    const gone = removed
      .list(at.wall)
      .filter(({ license }) => license.startsWith(id) && shelf.get(license) === undefined);
    const fits = returning.length + gone.length;
    if (fits !== 1) return noMatch('license that can be restored', id, fits);
    const [held] = returning;
    const [first] = gone;
    if (held !== undefined) return this.#keep(held);
    return first === undefined ? noMatch('license', id, 0) : this.#shelve(first.license);
  }

  /** It is not given back after all. */
  #keep(shelved: ShelvedLicense): Change {
    const { activations, allowance, viewer } = this.#parts;
    const { id } = shelved.license;
    const record = { ...activations.record(id), returning: null };
    return {
      kind: 'change',
      writes: [recordWrite(id, record)],
      onFailure: [activations.writeOf(id)],
      apply: (later) => {
        activations.set(id, record);
        allowance.changed();
        allowance.keep(later.at, later.effects);
        later.effects.push({ kind: 'note', note: { kind: 'license-restored', license: id } });
        return { kind: 'license-restore', license: viewer.view(shelved, later) };
      },
    };
  }

  #shelve(id: LicenseId): Change | Outcome {
    const { shelf, removed, allowance, viewer } = this.#parts;
    const signed = removed.get(id);
    if (signed === undefined) return noMatch('license', id, 0);
    if (shelf.size >= LICENSES_MAX) {
      return refuseOperation('shelf-full', 'This agent holds as many licenses as it can.');
    }
    const key = licenseStoreKey(id);
    return {
      kind: 'change',
      writes: [{ key, value: signed.bytes }, removed.forgetWrite(id)],
      onFailure: [{ key, value: null }],
      apply: (later) => {
        removed.forget(id);
        const shelved = shelf.add(signed);
        allowance.changed();
        allowance.keep(later.at, later.effects);
        later.effects.push({ kind: 'note', note: { kind: 'license-restored', license: id } });
        return { kind: 'license-restore', license: viewer.view(shelved, later) };
      },
    };
  }
}
