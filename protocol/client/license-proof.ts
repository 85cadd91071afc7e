/** The proof of a license behind a grant (proof.ts), put together from pieces. */

import { concatBytes } from '../bytes.ts';
import { PROOF_MAX } from '../limits.ts';
import type { Reply } from '../replies.ts';

type Piece = Extract<Reply, { kind: 'piece' }>;

export class LicenseProof {
  readonly #pieces: Uint8Array[] = [];
  #total: number | undefined;
  #received = 0;

  /** Where the next piece begins. */
  get offset(): number {
    return this.#received;
  }

  /** Takes in a piece: `false` when it does not fit what was said before. */
  add(piece: Piece): boolean {
    const { total, offset, bytes } = piece;
    this.#total ??= total;
    if (total !== this.#total || total > PROOF_MAX || offset !== this.#received) return false;
    if (bytes.length === 0 || offset + bytes.length > total) return false;
    this.#pieces.push(bytes);
    this.#received += bytes.length;
    return true;
  }

  /** The whole proof, or `undefined` while pieces are missing. */
  get bytes(): Uint8Array | undefined {
    return this.#received === this.#total ? concatBytes(...this.#pieces) : undefined;
  }
}
