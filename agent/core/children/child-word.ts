/**
 * What a child says to its parent: by which document it lends. It names the newest one only when no
 * more of its seats are in use than that allows; until then the parent goes on counting them.
 */

import { bytesToHex } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { HASH_SIZE } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import type { LendingGate } from '../seats/lending-gate.ts';
import type { FitParts } from './child-fit.ts';
import { isWithin } from './child-within.ts';

/** It cannot say yet. */
const NOTHING = new Uint8Array(HASH_SIZE);

export interface ChildWordParts extends FitParts {
  readonly primitives: Primitives;
  readonly gate: LendingGate;
}

export class ChildWord {
  readonly #parts: ChildWordParts;
  /** What was said last since the start, in hexadecimal. */
  readonly #said = new Map<LicenseId, string>();
  readonly #hashes = new WeakMap<ShelvedLicense, Uint8Array>();

  constructor(parts: ChildWordParts) {
    this.#parts = parts;
  }

  /** The hash by which a license is asked for; that of its document, where it is no child's. */
  of(shelved: ShelvedLicense, wall: EpochSeconds): Uint8Array {
    const { line, bytes } = shelved;
    if (line === null) return hashDocument(bytes, this.#parts.primitives);
    return this.#isWithin(shelved, wall) ? this.#newest(shelved) : NOTHING;
  }

  #isWithin(shelved: ShelvedLicense, wall: EpochSeconds): boolean {
    // Seats may be in use that are not known after a restore.
    return this.#parts.gate.refusal === undefined && isWithin(this.#parts, shelved, wall);
  }

  /** The hash of the newest document of a child license. */
  #newest(shelved: ShelvedLicense): Uint8Array {
    const known = this.#hashes.get(shelved);
    if (known !== undefined) return known;
    const last = shelved.line?.children.at(-1)?.bytes ?? shelved.bytes;
    const hash = hashDocument(last, this.#parts.primitives);
    this.#hashes.set(shelved, hash);
    return hash;
  }

  /** It is on its way to the parent. */
  say(shelved: ShelvedLicense, word: Uint8Array): void {
    if (shelved.line !== null) this.#said.set(shelved.license.id, bytesToHex(word));
  }

  /** Whether there is something to say that was not said when the parent was called last. */
  isNews(wall: EpochSeconds): boolean {
    if (this.#said.size === 0) return false;
    for (const shelved of this.#parts.shelf.ofParents()) {
      const said = this.#said.get(shelved.license.id);
      if (said === undefined || said === bytesToHex(this.#newest(shelved))) continue;
      if (this.#isWithin(shelved, wall)) return true;
    }
    return false;
  }
}
