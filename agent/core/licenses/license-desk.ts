/** Does what an administrator asks of licenses. */

import { type ArmorFault, armor, dearmor, dearmorAny } from '../../../protocol/armor.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { err, ok, type Result } from '../../../protocol/result.ts';
import type { Change, ChangeQueue } from '../change-queue.ts';
import { noMatch } from '../no-match.ts';
import {
  LICENSE_FAULTS,
  type LicenseAdded,
  type LicenseFault,
  type Operation,
  type Outcome,
} from '../operations.ts';
import type { Preferences } from '../preferences.ts';
import type { Allowance } from '../seats/allowance.ts';
import { licenseStoreKey } from '../seats/lease-record.ts';
import type { Situation } from '../situation.ts';
import { type HeldLicense, openHeld } from './any-license.ts';
import { LICENSES_MAX, type LicenseShelf, type ShelvedLicense } from './license-shelf.ts';
import type { LicenseViewer } from './license-viewer.ts';
import type { RemovedLicenses } from './removed-licenses.ts';

export interface LicenseDeskParts {
  readonly primitives: Primitives;
  readonly preferences: Preferences;
  readonly shelf: LicenseShelf;
  readonly viewer: LicenseViewer;
  readonly removed: RemovedLicenses;
  readonly allowance: Allowance;
  readonly changes: ChangeQueue;
}

export type LicenseOperation = Extract<
  Operation,
  { kind: 'license-add' | 'license-list' | 'license-show' | 'license-remove' | 'license-export' }
>;

/** One block of a paste: what is in it, as far as it can be read, and why it is not taken. */
interface Offered {
  readonly signed: HeldLicense | undefined;
  readonly fault: LicenseFault | null;
}

export class LicenseDesk {
  readonly #parts: LicenseDeskParts;

  constructor(parts: LicenseDeskParts) {
    this.#parts = parts;
  }

  /** The outcome, or `undefined` when it is among the effects after a commit. */
  perform(number: number, operation: LicenseOperation, situation: Situation): Outcome | undefined {
    const { changes, shelf, viewer } = this.#parts;
    switch (operation.kind) {
      case 'license-list': {
        const licenses = [...shelf.all()].map((one) => viewer.view(one, situation));
        return { kind: 'license-list', licenses };
      }
      case 'license-show': {
        const found = findLicense(shelf, operation.id);
        if (!found.ok) return found.error;
        return { kind: 'license-show', license: viewer.view(found.value, situation) };
      }
      case 'license-export': {
        const found = findLicense(shelf, operation.id);
        if (!found.ok) return found.error;
        const title = found.value.line === null ? 'license' : 'child';
        const text = armor(title, found.value.bytes, this.#parts.primitives);
        return { kind: 'license-export', license: viewer.view(found.value, situation), text };
      }
      case 'license-add':
        return changes.make(number, () => this.#add(operation.text), situation);
      case 'license-remove':
        return changes.make(number, (later) => this.#remove(operation.id, later), situation);
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
    const onFailure = offered.flatMap(({ signed, fault }) => {
      if (signed === undefined || fault !== null) return [];
      const { id } = signed.license;
      return { key: licenseStoreKey(id), value: this.#parts.shelf.get(id)?.bytes ?? null };
    });
    return { kind: 'change', writes, onFailure, apply };
  }

  #readOffered(text: string): readonly Offered[] {
    const blocks = readBlocks(text, this.#parts.primitives);
    if (blocks.length === 0) return [{ signed: undefined, fault: 'no-block' }];
    const taken = new Set<LicenseId>();
    return blocks.map((block) => {
      const opened = block.ok ? this.#open(block.value) : block;
      if (!opened.ok) return { signed: undefined, fault: opened.error };
      const signed = opened.value;
      return { signed, fault: this.#refuseLicense(signed, taken) };
    });
  }

  #open(bytes: Uint8Array): Result<HeldLicense, LicenseFault> {
    const { primitives, preferences } = this.#parts;
    // `null` for all: what counts is whom the clients trust.
    const { vendorKeys } = preferences.now;
    const opened = openHeld(bytes, primitives);
    if (!opened.ok) return err(isLicenseFault(opened.error) ? opened.error : 'bad-chain');
    const { vendor } = opened.value;
    const trusted = vendorKeys === null || vendorKeys.some((key) => equalBytes(key, vendor));
    return trusted ? opened : err('wrong-key');
  }

  /** Nothing is written of a license that is not taken. `taken`: earlier ones of the same paste. */
  #refuseLicense(signed: HeldLicense, taken: Set<LicenseId>): LicenseFault | null {
    const { shelf } = this.#parts;
    const { id } = signed.license;
    const known = shelf.get(id);
    if (taken.has(id) || (known !== undefined && !isLater(signed, known))) return 'duplicate';
    if (shelf.size + taken.size >= LICENSES_MAX) return 'shelf-full';
    taken.add(id);
    return null;
  }

  #shelve({ signed, fault }: Offered, situation: Situation): LicenseAdded {
    const { shelf, allowance } = this.#parts;
    if (signed === undefined) return { added: null, fault };
    const { id, product } = signed.license;
    if (fault === null) {
      if (shelf.get(id) === undefined) shelf.add(signed);
      else shelf.renew(signed);
      allowance.changed();
      allowance.keep(situation.at, situation.effects);
      const note = { kind: 'license-added', license: id, product } as const;
      situation.effects.push({ kind: 'note', note });
    }
    const shelved = shelf.get(id);
    return { added: shelved ? this.#parts.viewer.view(shelved, situation) : null, fault };
  }

  #remove(id: string, { at }: Situation): Change | Outcome {
    const { shelf, removed } = this.#parts;
    const found = findLicense(shelf, id);
    if (!found.ok) return found.error;
    const key = licenseStoreKey(found.value.license.id);
    const kept = removed.keep(found.value, at.wall);
    return {
      kind: 'change',
      writes: [{ key, value: null }, ...kept.writes],
      onFailure: [{ key, value: found.value.bytes }, ...kept.onFailure],
      apply: (later) => {
        kept.apply();
        return this.#unshelve(found.value, later);
      },
    };
  }

  #unshelve(shelved: ShelvedLicense, situation: Situation): Outcome {
    const { license } = shelved;
    const view = this.#parts.viewer.view(shelved, situation);
    this.#parts.shelf.remove(shelved);
    this.#parts.allowance.changed();
    situation.effects.push({
      kind: 'note',
      note: { kind: 'license-removed', license: license.id, product: license.product },
    });
    const lent = shelved.pools.reduce((sum, pool) => sum + pool.lent, 0);
    return { kind: 'license-remove', license: view, lent };
  }
}

const isLicenseFault = (fault: string): fault is LicenseFault => fault in LICENSE_FAULTS;

/** Blocks of either kind; a text without any may be the digits alone of a license. */
const readBlocks = (
  text: string,
  primitives: Primitives,
): readonly Result<Uint8Array, ArmorFault>[] => {
  const titled = dearmorAny(['license', 'child'], text, primitives);
  if (titled === undefined) return [err('too-long')];
  return titled.length > 0
    ? titled.map(({ block }) => block)
    : dearmor('license', text, primitives);
};

/** A later text of a child license that is here may take its place, by the same parent. */
const isLater = (signed: HeldLicense, known: ShelvedLicense): boolean => {
  const [one, other] = [signed.line?.children.at(-1), known.line?.children.at(-1)];
  if (one === undefined || other === undefined) return false;
  const isSame = equalBytes(one.signer, other.signer) && equalBytes(signed.vendor, known.vendor);
  return isSame && one.child.number > other.child.number;
};

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
