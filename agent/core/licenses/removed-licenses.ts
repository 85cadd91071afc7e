/** Licenses that were removed: each is kept, as its vendor has signed it, for thirty days. */

import { Fields } from '../../../protocol/fields.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { PROOF_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { RemovedView } from '../activation/activation-operations.ts';
import type { Write } from '../write.ts';
import { type HeldLicense, openHeld } from './any-license.ts';

/** Beneath it the license's id. */
export const REMOVED_PREFIX = 'removed/';

const RECORD_VERSION = 1;
const KEPT_SECONDS = 30 * 86_400;
/** Beyond so many the oldest are forgotten. */
const KEPT_MAX = 256;

interface Removed {
  readonly signed: HeldLicense;
  readonly when: EpochSeconds;
}

/** A change that is not true yet. */
interface Kept {
  readonly writes: readonly Write[];
  readonly onFailure: readonly Write[];
  readonly apply: () => void;
}

export class RemovedLicenses {
  readonly #primitives: Primitives;
  readonly #removed = new Map<LicenseId, Removed>();

  constructor(primitives: Primitives) {
    this.#primitives = primitives;
  }

  /** Those that can be restored, the last one first. */
  list(wall: EpochSeconds): readonly RemovedView[] {
    return [...this.#removed.values()]
      .filter(({ when }) => wall < when + KEPT_SECONDS)
      .sort((one, other) => other.when - one.when)
      .map(({ signed: { license }, when }) => ({
        license: license.id,
        product: license.product,
        customer: license.customer,
        removed: when,
        until: epochSeconds(Math.min(0xffff_ffff, when + KEPT_SECONDS)),
      }));
  }

  get(license: LicenseId): HeldLicense | undefined {
    return this.#removed.get(license)?.signed;
  }

  /** Plans to keep a license that is removed, and to forget those that were kept long enough. */
  keep(signed: HeldLicense, wall: EpochSeconds): Kept {
    const { id } = signed.license;
    const before = [...this.#removed].sort(([, one], [, other]) => other.when - one.when);
    const over = before
      .filter(([, { when }], i) => wall >= when + KEPT_SECONDS || i >= KEPT_MAX - 1)
      .map(([license]) => license)
      .filter((license) => license !== id);
    const write = { key: REMOVED_PREFIX + id, value: pack([RECORD_VERSION, wall, signed.bytes]) };
    return {
      writes: [write, ...over.map(forget)],
      onFailure: [{ key: write.key, value: null }],
      apply: () => {
        for (const license of over) this.#removed.delete(license);
        const { license, bytes, vendor, certificate, line } = signed;
        const kept = { license, bytes, vendor, certificate, line };
        this.#removed.set(id, { signed: kept, when: wall });
      },
    };
  }

  /** Forgets one that was restored; the write is on the disk. */
  forget(license: LicenseId): void {
    this.#removed.delete(license);
  }

  forgetWrite(license: LicenseId): Write {
    return forget(license);
  }

  /** Takes up a stored record, or answers `false` where it is none. */
  restore(key: string, value: Uint8Array): boolean {
    const fields = new Fields(unpack(value));
    const version = fields.uint();
    const when = epochSeconds(fields.uint());
    const bytes = fields.bytesUpTo(PROOF_MAX).slice();
    if (!fields.complete || version !== RECORD_VERSION) return false;
    const opened = openHeld(bytes, this.#primitives);
    if (!opened.ok || key !== REMOVED_PREFIX + opened.value.license.id) return false;
    this.#removed.set(opened.value.license.id, { signed: opened.value, when });
    return true;
  }
}

const forget = (license: LicenseId): Write => ({ key: REMOVED_PREFIX + license, value: null });
