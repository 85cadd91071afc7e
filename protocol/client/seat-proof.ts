/** The licenses behind a grant: each one is fetched unless it was seen before, and all are judged. */

import { bytesToHex } from '../bytes.ts';
import type { Primitives } from '../primitives.ts';
import type { Reply, SeatPart } from '../replies.ts';
import { err, type Result } from '../result.ts';
import type { EpochSeconds } from '../units.ts';
import { LicenseProof } from './license-proof.ts';
import type { Distrust } from './seat-events.ts';
import { judgeSeat, type ProvenSeat, type SeatQuestion } from './seat-trust.ts';

/** Proofs remembered by all seats of an application. */
const DOCUMENTS_MAX = 64;

export class SeatProof {
  readonly #parts: readonly SeatPart[];
  /** Shared by the seats of one application, by hash. */
  readonly #documents: Map<string, Uint8Array>;
  readonly #shown = new Map<string, Uint8Array>();
  #pieces = new LicenseProof();

  constructor(parts: readonly SeatPart[], documents: Map<string, Uint8Array>) {
    this.#parts = parts;
    this.#documents = documents;
    for (const { document } of parts) {
      const key = bytesToHex(document);
      const known = documents.get(key);
      if (known !== undefined) this.#shown.set(key, known);
    }
  }

  /** The next bytes to ask for, or `undefined` when every proof is here. */
  get missing(): { readonly hash: Uint8Array; readonly offset: number } | undefined {
    const part = this.#parts.find(({ document }) => !this.#shown.has(bytesToHex(document)));
    return part && { hash: part.document, offset: this.#pieces.offset };
  }

  /** Takes in a piece of what is missing: `false` when it does not fit what was said before. */
  add(piece: Extract<Reply, { kind: 'piece' }>): boolean {
    const { missing } = this;
    if (missing === undefined || !this.#pieces.add(piece)) return false;
    const { bytes } = this.#pieces;
    if (bytes === undefined) return true;
    this.#shown.set(bytesToHex(missing.hash), bytes);
    this.#pieces = new LicenseProof();
    return true;
  }

  /** Judges the proofs, and remembers them if they are believed. */
  judge(
    question: SeatQuestion,
    wall: EpochSeconds,
    primitives: Primitives,
  ): Result<ProvenSeat, Distrust> {
    const shown = this.#parts.flatMap((part) => {
      const document = this.#shown.get(bytesToHex(part.document));
      return document === undefined ? [] : [{ part, proof: document }];
    });
    if (shown.length < this.#parts.length) return err('not-proven');
    const judged = judgeSeat(shown, question, wall, primitives);
    if (judged.ok) this.#remember();
    return judged;
  }

  #remember(): void {
    for (const [key, document] of this.#shown) {
      if (this.#documents.size >= DOCUMENTS_MAX) this.#documents.clear();
      this.#documents.set(key, document);
    }
  }
}
