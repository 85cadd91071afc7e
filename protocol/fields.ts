/** Reads a fixed-order array field by field; the first field that does not fit spoils the whole. */

import type { Value } from './msgpack.ts';
import { isUint32 } from './units.ts';

/**
 * A cursor over the fields of a document or message. Each reader returns a harmless value when the
 * field does not fit and remembers that it did not: check `valid` (or `complete`) once, at the end.
 */
export class Fields {
  readonly #values: readonly Value[];
  #next = 0;
  #valid = true;

  constructor(value: Value | undefined) {
    this.#valid = Array.isArray(value);
    this.#values = Array.isArray(value) ? value : [];
  }

  /** Every field read so far fitted; fields of a later minor version may follow. */
  get valid(): boolean {
    return this.#valid;
  }

  /** Every field fitted and none is left. */
  get complete(): boolean {
    return this.#valid && this.#next === this.#values.length;
  }

  /** A whole number of `least` to `most`; the harmless value is `least`. */
  uint(most = 0xffff_ffff, least = 0): number {
    const value = this.#take();
    return isUint32(value) && value <= most && value >= least ? value : this.#spoil(least);
  }

  flag(): boolean {
    const value = this.#take();
    return typeof value === 'boolean' ? value : this.#spoil(false);
  }

  /** Text of `least` to `most` UTF-16 units without control characters. */
  text(most: number, least = 0): string {
    const value = this.#take();
    const fits = typeof value === 'string' && value.length >= least && value.length <= most;
    return fits && isPlainText(value) ? value : this.#spoil('');
  }

  /** Binary of exactly `size` bytes. */
  bytes(size: number): Uint8Array {
    const value = this.#take();
    const fits = value instanceof Uint8Array && value.length === size;
    return fits ? value : this.#spoil(new Uint8Array(size));
  }

  /** Binary of at most `most` bytes. */
  bytesUpTo(most: number): Uint8Array {
    const value = this.#take();
    const fits = value instanceof Uint8Array && value.length <= most;
    return fits ? value : this.#spoil(new Uint8Array(0));
  }

  /** `null`, or what `read` makes of the field. */
  optional<T>(read: (fields: Fields) => T): T | null {
    if (this.#values[this.#next] === null) {
      this.#next++;
      return null;
    }
    return read(this);
  }

  /**
   * A field that was appended in a later minor version: `undefined` from a sender that leaves it out,
   * or has nothing to say in it.
   */
  appended<T>(read: (fields: Fields) => T): T | undefined {
    if (this.#next >= this.#values.length) return undefined;
    return this.optional(read) ?? undefined;
  }

  /** An array of at most `most` items, each read by `read` from a cursor over the array itself. */
  list<T>(most: number, read: (fields: Fields) => T): readonly T[] {
    const value = this.#take();
    if (!Array.isArray(value) || value.length > most) return this.#spoil([]);
    const items = new Fields(value);
    const list: T[] = [];
    for (let i = 0; i < value.length; i++) list.push(read(items));
    return items.valid ? list : this.#spoil([]);
  }

  /** A nested fixed-order array, read by `read`; fields of a later minor version may follow. */
  nested<T>(read: (fields: Fields) => T): T {
    const inner = new Fields(this.#take());
    const result = read(inner);
    if (!inner.valid) this.#valid = false;
    return result;
  }

  /** A nested fixed-order array with nothing after what `read` takes: documents have one reading. */
  exactly<T>(read: (fields: Fields) => T): T {
    const inner = new Fields(this.#take());
    const result = read(inner);
    if (!inner.complete) this.#valid = false;
    return result;
  }

  #take(): Value | undefined {
    return this.#values[this.#next++];
  }

  #spoil<T>(harmless: T): T {
    this.#valid = false;
    return harmless;
  }
}

/**
 * No control characters, line separators, bidirectional overrides, byte-order marks or halves of
 * surrogate pairs: what is shown later cannot lie on a screen, and what is sent has a UTF-8 form.
 */
export const isPlainText = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds.
  !/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]/u.test(text);
