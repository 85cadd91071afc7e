/**
 * What a child says to its parent: by which document it lends. It names the newest one only when no
 * more of its seats are in use than that allows; until then the parent goes on counting them.
 */

import { bytesToHex } from '../../protocol/bytes.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { HASH_SIZE } from '../../protocol/limits.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import type { LendingGate } from './lending-gate.ts';
import type { LicenseShelf, ShelvedLicense } from './license-shelf.ts';

/** It cannot say yet. */
const NOTHING = new Uint8Array(HASH_SIZE);

export interface ChildWordParts {
  readonly primitives: Primitives;
  readonly shelf: LicenseShelf;
  readonly gate: LendingGate;
}

export class ChildWord {
  readonly #parts: ChildWordParts;
  /** What was said last since the start, in hexadecimal. */
  readonly #said = new Map<LicenseId, string>();

  constructor(parts: ChildWordParts) {
    this.#parts = parts;
  }

  /** The hash by which a license is asked for; that of its document, where it is no child's. */
  of(shelved: ShelvedLicense): Uint8Array {
    const { primitives, shelf, gate } = this.#parts;
    const last = shelved.line?.children.at(-1);
    if (last === undefined) return hashDocument(shelved.bytes, primitives);
    // Seats may be in use that are not known after a restore.
    const isKnown = gate.refusal === undefined;
    return isKnown && shelf.isWithin(shelved) ? hashDocument(last.bytes, primitives) : NOTHING;
  }

  /** It is on its way to the parent. */
  say(shelved: ShelvedLicense, word: Uint8Array): void {
    if (shelved.line !== null) this.#said.set(shelved.license.id, bytesToHex(word));
  }

  /** Whether there is something to say that was not said when the parent was called last. */
  get isNews(): boolean {
    if (this.#said.size === 0) return false;
    for (const shelved of this.#parts.shelf.ofParents()) {
      const said = this.#said.get(shelved.license.id);
      if (said === undefined) continue;
      const word = this.of(shelved);
      if (word !== NOTHING && bytesToHex(word) !== said) return true;
    }
    return false;
  }
}
