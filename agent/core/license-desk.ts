/** Does what an administrator asks of licenses. */

import { dearmor } from '../../protocol/armor.ts';
import { equalBytes } from '../../protocol/bytes.ts';
import { hostCodeToText } from '../../protocol/host-code.ts';
import { keyId, type LicenseId } from '../../protocol/ids.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import { err, ok, type Result } from '../../protocol/result.ts';
import { openLicense, type SignedLicense } from '../../protocol/signed-license.ts';
import type { Allowance } from './allowance.ts';
import type { Change, ChangeQueue } from './change-queue.ts';
import { licenseStoreKey } from './lease-record.ts';
import type { LicenseJudge } from './license-judge.ts';
import { LICENSES_MAX, type LicenseShelf, type ShelvedLicense } from './license-shelf.ts';
import type { MeterLedger } from './meter-ledger.ts';
import {
  type LicenseAdded,
  type LicenseFault,
  type LicenseView,
  noMatch,
  type Operation,
  type Outcome,
} from './operations.ts';
import type { Preferences } from './preferences.ts';
import { describeRefusedHost } from './refused-host.ts';
import type { ResourceRegister } from './resource-register.ts';
import type { Situation } from './situation.ts';

export interface LicenseDeskParts {
  readonly primitives: Primitives;
  readonly preferences: Preferences;
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
  readonly meters: MeterLedger;
  readonly resources: ResourceRegister;
  readonly allowance: Allowance;
  readonly changes: ChangeQueue;
}

export type LicenseOperation = Extract<Operation, { kind: `license-${string}` }>;

/** One block of a paste: what is in it, as far as it can be read, and why it is not taken. */
interface Offered {
  readonly signed: SignedLicense | undefined;
  readonly fault: LicenseFault | null;
}

export class LicenseDesk {
  readonly #parts: LicenseDeskParts;

  constructor(parts: LicenseDeskParts) {
    this.#parts = parts;
  }

  /** The outcome, or `undefined` when it is among the effects after a commit. */
  perform(number: number, operation: LicenseOperation, situation: Situation): Outcome | undefined {
    const { changes, shelf } = this.#parts;
    switch (operation.kind) {
      case 'license-list': {
        const licenses = [...shelf.all()].map((one) => this.#licenseView(one, situation));
        return { kind: 'license-list', licenses };
      }
      case 'license-show': {
        const found = findLicense(shelf, operation.id);
        if (!found.ok) return found.error;
        return { kind: 'license-show', license: this.#licenseView(found.value, situation) };
      }
      case 'license-add':
        return changes.make(number, () => this.#add(operation.text), situation);
      case 'license-remove':
        return changes.make(number, () => this.#remove(operation.id), situation);
    }
  }

  #add(text: string): Change {
    const offered = this.#readOffered(text);
    const apply = (later: Situation): Outcome => ({
      kind: 'license-add',
      results: offered.map((one) => this.#shelve(one, later)),
    });
    const writes = offered.flatMap(({ signed, fault }) =>
      signed !== undefined && fault === null
        ? { key: licenseStoreKey(signed.license.id), value: signed.bytes }
        : [],
    );
    const onFailure = writes.map(({ key }) => ({ key, value: null }));
    return { kind: 'change', writes, onFailure, apply };
  }

  #readOffered(text: string): readonly Offered[] {
    const blocks = dearmor('license', text, this.#parts.primitives);
    if (blocks.length === 0) return [{ signed: undefined, fault: 'no-block' }];
    const taken = new Set<LicenseId>();
    return blocks.map((block) => {
      const opened = block.ok ? this.#open(block.value) : block;
      if (!opened.ok) return { signed: undefined, fault: opened.error };
      const signed = opened.value;
      return { signed, fault: this.#refuseLicense(signed.license.id, taken) };
    });
  }

  #open(bytes: Uint8Array): Result<SignedLicense, LicenseFault> {
    const { primitives, preferences } = this.#parts;
    // `null` for all: what counts is whom the clients trust.
    const { vendorKeys } = preferences.now;
    const opened = openLicense(bytes, primitives);
    if (!opened.ok) return opened;
    const { signer } = opened.value;
    const trusted = vendorKeys === null || vendorKeys.some((key) => equalBytes(key, signer));
    return trusted ? opened : err('wrong-key');
  }

  /** Nothing is written of a license that is not taken. `taken`: earlier ones of the same paste. */
  #refuseLicense(id: LicenseId, taken: Set<LicenseId>): LicenseFault | null {
    const { shelf } = this.#parts;
    if (taken.has(id) || shelf.get(id) !== undefined) return 'duplicate';
    if (shelf.size + taken.size >= LICENSES_MAX) return 'shelf-full';
    taken.add(id);
    return null;
  }

  #shelve({ signed, fault }: Offered, situation: Situation): LicenseAdded {
    const { shelf, allowance } = this.#parts;
    if (signed === undefined) return { added: null, fault };
    const { id, product } = signed.license;
    if (fault === null) {
      shelf.add(signed);
      allowance.changed();
      allowance.keep(situation.at, situation.effects);
      const note = { kind: 'license-added', license: id, product } as const;
      situation.effects.push({ kind: 'note', note });
    }
    const shelved = shelf.get(id);
    return { added: shelved ? this.#licenseView(shelved, situation) : null, fault };
  }

  #remove(id: string): Change | Outcome {
    const found = findLicense(this.#parts.shelf, id);
    if (!found.ok) return found.error;
    const key = licenseStoreKey(found.value.license.id);
    return {
      kind: 'change',
      writes: [{ key, value: null }],
      onFailure: [{ key, value: found.value.bytes }],
      apply: (later) => this.#unshelve(found.value, later),
    };
  }

  #unshelve(shelved: ShelvedLicense, situation: Situation): Outcome {
    const { license } = shelved;
    const view = this.#licenseView(shelved, situation);
    this.#parts.shelf.remove(shelved);
    this.#parts.allowance.changed();
    situation.effects.push({
      kind: 'note',
      note: { kind: 'license-removed', license: license.id, product: license.product },
    });
    const lent = shelved.pools.reduce((sum, pool) => sum + pool.lent, 0);
    return { kind: 'license-remove', license: view, lent };
  }

  #licenseView(shelved: ShelvedLicense, { at, host }: Situation): LicenseView {
    const { license, signer, pools, successor } = shelved;
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
      signer: keyId(primitives.sha512, signer),
      ends: judge.ends(shelved) ?? null,
      successor: successor ?? null,
      activatedFor: resources.resourceOf(license.id)?.name ?? null,
      lent: pools.reduce((sum, pool) => sum + pool.lent, 0),
      pools: license.pools.map((grant, i) => ({
        ...grant,
        licensed: pools[i]?.licensed ?? 0,
        lent: pools[i]?.lent ?? 0,
      })),
      meters: license.meters.map((meter) => ({
        ...meter,
        used: meters.used(license.id, meter.name),
      })),
    };
  }
}

/** The license of this id, or the one whose id begins so. */
export const findLicense = (shelf: LicenseShelf, id: string): Result<ShelvedLicense, Outcome> => {
  const exact = shelf.get(id as LicenseId);
  if (exact !== undefined) return ok(exact);
  const fits = [...shelf.all()].filter((one) => one.license.id.startsWith(id));
  const [first] = fits;
  return first === undefined || fits.length > 1
    ? err(noMatch('license', id, fits.length))
    : ok(first);
};
