/**
 * When the trial of a vendor's product was first used on this agent. It outlives its license, and
 * another trial license of the same vendor and product does not start it again.
 */

import { bytesToHex } from '../../protocol/bytes.ts';
import { Fields } from '../../protocol/fields.ts';
import { KEY_SIZE, NAME_MAX } from '../../protocol/limits.ts';
import { pack, unpack } from '../../protocol/msgpack.ts';
import { type EpochSeconds, epochSeconds, type Seconds } from '../../protocol/units.ts';
import type { Write } from './effects.ts';
import { storeKey } from './store-key.ts';

export const TRIAL_PREFIX = 'trial/';

const RECORD_VERSION = 1;
const LAST_DATE = 0xffff_ffff;

export class TrialLedger {
  /** By store key. */
  readonly #firstUses = new Map<string, EpochSeconds>();

  /** When the trial began. `vendor`: the vendor's root key (Ed25519). */
  firstUse(vendor: Uint8Array, product: string): EpochSeconds | undefined {
    return this.#firstUses.get(trialKey(vendor, product));
  }

  /**
   * Begins a trial at `wall`, at once: commit the write along with what is granted, and again until
   * it is on the disk. `undefined` where it has begun before.
   */
  begin(vendor: Uint8Array, product: string, wall: EpochSeconds): Write | undefined {
    const key = trialKey(vendor, product);
    if (this.#firstUses.has(key)) return undefined;
    this.#firstUses.set(key, wall);
    return { key, value: pack([RECORD_VERSION, vendor, product, wall]) };
  }

  /** When a trial of this length ends, or `undefined` while it has not begun. */
  ends(vendor: Uint8Array, product: string, length: Seconds): EpochSeconds | undefined {
    const first = this.firstUse(vendor, product);
    return first === undefined ? undefined : epochSeconds(Math.min(first + length, LAST_DATE));
  }

  /** Takes up a stored record, or answers `false` where it is none. */
  restore(key: string, value: Uint8Array): boolean {
    const fields = new Fields(unpack(value));
    const version = fields.uint();
    const vendor = fields.bytes(KEY_SIZE);
    const product = fields.text(NAME_MAX, 1);
    const first = epochSeconds(fields.uint());
    const fits = fields.complete && version === RECORD_VERSION;
    if (!fits || key !== trialKey(vendor, product)) return false;
    this.#firstUses.set(key, first);
    return true;
  }
}

const trialKey = (vendor: Uint8Array, product: string): string =>
  storeKey(`${TRIAL_PREFIX}${bytesToHex(vendor)}/`, product);
