/** Which texts of its site this member has taken up last, over restarts: by their hashes. */

import { equalBytes } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { CHARTER_PREFIX } from '../store-key.ts';
import type { Write } from '../write.ts';
import { CHARTER_KINDS, type CharterKind } from './charter-record.ts';

const RECORD_VERSION = 1;
const HASH_SIZE = 32;

export class TakenMarks {
  readonly #primitives: Primitives;
  readonly #marks = new Map<CharterKind, Uint8Array>();

  constructor(primitives: Primitives) {
    this.#primitives = primitives;
  }

  /** The hash of the text that was taken up last. */
  of(kind: CharterKind): Uint8Array | null {
    return this.#marks.get(kind) ?? null;
  }

  /** What is to be written of it; nothing where the text is the same as before. */
  mark(kind: CharterKind, bytes: Uint8Array): Write | undefined {
    const hash = hashText(bytes, this.#primitives);
    const known = this.#marks.get(kind);
    if (known !== undefined && equalBytes(known, hash)) return undefined;
    this.#marks.set(kind, hash);
    return { key: CHARTER_PREFIX + kind, value: pack([RECORD_VERSION, hash]) };
  }

  /** None was taken up of this register: what is to be written of that. */
  forget(): readonly Write[] {
    const kinds = [...this.#marks.keys()];
    this.#marks.clear();
    return kinds.map((kind) => ({ key: CHARTER_PREFIX + kind, value: null }));
  }

  restore(key: string, value: Uint8Array): boolean {
    const kind = CHARTER_KINDS.find((one) => key === CHARTER_PREFIX + one);
    const fields = new Fields(unpack(value));
    const version = fields.uint();
    const hash = fields.bytes(HASH_SIZE).slice();
    if (kind === undefined || !fields.complete || version !== RECORD_VERSION) return false;
    this.#marks.set(kind, hash);
    return true;
  }
}

/** By which a text is known again. */
export const hashText = (bytes: Uint8Array, { sha512 }: Primitives): Uint8Array =>
  sha512(bytes).slice(0, HASH_SIZE);
