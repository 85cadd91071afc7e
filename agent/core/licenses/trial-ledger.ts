/**
 * When the trial of a vendor's product was first used on this agent. It outlives its license, and
 * another trial license of the same vendor and product does not start it again.
 */

import { bytesToHex } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { KEY_SIZE, NAME_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { type EpochSeconds, epochSeconds, type Seconds } from '../../../protocol/units.ts';
import { storeKey } from '../store-key.ts';
import type { Write } from '../write.ts';

export const TRIAL_PREFIX = 'trial/';

const RECORD_VERSION = 1;
const LAST_DATE = 0xffff_ffff;

interface Trial {
  /** The vendor's Ed25519 key. */
  readonly vendor: Uint8Array;
  readonly product: string;
  readonly first: EpochSeconds;
}

/** A change that is not true yet. */
interface Pullback {
  readonly writes: readonly Write[];
  /** What the store should have when the commit fails. */
  readonly onFailure: readonly Write[];
}

export class TrialLedger {
  /** By store key. */
  readonly #trials = new Map<string, Trial>();

  /** When the trial began. `vendor`: the vendor's root key (Ed25519). */
  firstUse(vendor: Uint8Array, product: string): EpochSeconds | undefined {
    return this.#trials.get(trialKey(vendor, product))?.first;
  }

  /**
   * Begins a trial at `wall`, at once: commit the write along with what is granted, and again until
   * it is on the disk. `undefined` where it has begun before. What a wrong clock began in the future
   * begins now: else turning the clock on and back would prolong every trial.
   */
  begin(vendor: Uint8Array, product: string, wall: EpochSeconds): Write | undefined {
    const key = trialKey(vendor, product);
    const known = this.#trials.get(key);
    if (known !== undefined && known.first <= wall) return undefined;
    const trial = { vendor, product, first: wall };
    this.#trials.set(key, trial);
    return writeOf(trial);
  }

  /**
   * Plans to let what a wrong clock began after `wall`, which is true now, have begun then. `restore`
   * the writes when they are on the disk.
   */
  pullBack(wall: EpochSeconds): Pullback {
    const late = [...this.#trials.values()].filter(({ first }) => first > wall);
    return {
      writes: late.map((trial) => writeOf({ ...trial, first: wall })),
      onFailure: late.map(writeOf),
    };
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
    // It outlives the step in which it was read.
    const vendor = fields.bytes(KEY_SIZE).slice();
    const product = fields.text(NAME_MAX, 1);
    const first = epochSeconds(fields.uint());
    const fits = fields.complete && version === RECORD_VERSION;
    if (!fits || key !== trialKey(vendor, product)) return false;
    this.#trials.set(key, { vendor, product, first });
    return true;
  }
}

const trialKey = (vendor: Uint8Array, product: string): string =>
  storeKey(`${TRIAL_PREFIX}${bytesToHex(vendor)}/`, product);

const writeOf = ({ vendor, product, first }: Trial): Write => ({
  key: trialKey(vendor, product),
  value: pack([RECORD_VERSION, vendor, product, first]),
});
