/** Records of one kind: in memory to be asked, and as entries of the store to last. */

import { pack, unpack, type Value } from '../../../protocol/msgpack.ts';
import type { Write } from '../../core/write.ts';

/** How records of a kind are kept. */
export interface RecordKind<T> {
  /** Of their keys; ends in a slash. */
  readonly prefix: string;
  /** What tells one from the others: no two kinds of character but those of ids and digits. */
  readonly keyOf: (record: T) => string;
  readonly toValue: (record: T) => Value;
  /** `undefined` for what does not fit. */
  readonly parse: (value: Value) => T | undefined;
}

export class RecordTable<T> {
  readonly #kind: RecordKind<T>;
  readonly #note: (write: Write) => void;
  readonly #rows = new Map<string, T>();

  /** Hands every change to `note`. */
  constructor(kind: RecordKind<T>, note: (write: Write) => void) {
    this.#kind = kind;
    this.#note = note;
  }

  get(key: string): T | undefined {
    return this.#rows.get(key);
  }

  values(): Iterable<T> {
    return this.#rows.values();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Keeps a record, in the place of the one with its key. */
  put(record: T): T {
    const key = this.#kind.keyOf(record);
    this.#rows.set(key, record);
    this.#note({ key: this.#kind.prefix + key, value: pack(this.#kind.toValue(record)) });
    return record;
  }

  delete(key: string): void {
    if (this.#rows.delete(key)) this.#note({ key: this.#kind.prefix + key, value: null });
  }

  /** Takes up an entry of the store; `undefined` for one of another kind, false for a damaged one. */
  load(key: string, bytes: Uint8Array): boolean | undefined {
    if (!key.startsWith(this.#kind.prefix)) return undefined;
    const value = unpack(bytes);
    const record = value === undefined ? undefined : this.#kind.parse(value);
    if (record === undefined) return false;
    const own = this.#kind.keyOf(record);
    if (this.#kind.prefix + own !== key) return false;
    this.#rows.set(own, record);
    return true;
  }
}
