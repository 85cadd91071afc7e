/** The fields of an operation as they come in: each is read within its bounds, or spoils the whole. */

import { isPlainText } from '../../protocol/fields.ts';
import { FEATURES_MAX, NAME_MAX, SEATS_MAX, TEXT_MAX } from '../../protocol/limits.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import { epochSeconds, isUint32 } from '../../protocol/units.ts';

/** Characters in an id that somebody typed. */
export const ID_MAX = 64;

/** Reads JSON fields by name; after one that does not fit, `valid` is false. */
export class OperationFields {
  readonly #values: Readonly<Record<string, unknown>>;
  #valid: boolean;

  constructor(value: unknown) {
    this.#valid = typeof value === 'object' && value !== null;
    this.#values = this.#valid ? (value as Readonly<Record<string, unknown>>) : {};
  }

  get valid(): boolean {
    return this.#valid;
  }

  get kind(): unknown {
    return this.#values['kind'];
  }

  has(name: string): boolean {
    return (this.#values[name] ?? null) !== null;
  }

  /** Any text, as somebody has pasted it. */
  paste(name: string, most: number): string {
    const value = this.#values[name];
    return typeof value === 'string' && value.length <= most ? value : this.#spoil('');
  }

  id(name: string): string {
    const id = this.paste(name, ID_MAX);
    return id === '' ? this.#spoil('') : id.toLowerCase();
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** One line of plain text, 1 to 128 characters. */
  text(name: string, most = TEXT_MAX): string {
    const value = this.#values[name];
    return isText(value, most) ? value : this.#spoil('');
  }

  /** The same, or nothing. */
  textOrNone(name: string): string {
    return this.has(name) && this.#values[name] !== '' ? this.text(name) : '';
  }

  /** A product's, class's or version's name. */
  name(name: string): string {
    return this.text(name, NAME_MAX);
  }

  /** What `read` reads, or `null` where nothing is said. */
  optional<T>(name: string, read: (name: string) => T): T | null {
    return this.has(name) ? read(name) : null;
  }

  /** At least one text, and at most so many. */
  texts(name: string, most: number, longest = TEXT_MAX): readonly string[] {
    const value = this.list(name, most, longest);
    return value.length === 0 ? this.#spoil([]) : value;
  }

  list(name: string, most: number, longest = TEXT_MAX): readonly string[] {
    const value = this.#values[name];
    if (!Array.isArray(value) || value.length > most) return this.#spoil([]);
    const all: readonly unknown[] = value;
    return all.every((one): one is string => isText(one, longest)) ? all : this.#spoil([]);
  }

  /** Parts with fields of their own, at most so many; none where nothing is said. */
  records<T>(name: string, most: number, read: (part: OperationFields) => T): readonly T[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value) || value.length > most) return this.#spoil([]);
    return value.map((one: unknown) => {
      const part = new OperationFields(one);
      const made = read(part);
      this.and(part);
      return made;
    });
  }

  uint(name: string, least: number, most: number): number {
    const value = this.#values[name];
    return isUint32(value) && value >= least && value <= most ? value : this.#spoil(least);
  }

  nested(name: string): OperationFields {
    return new OperationFields(this.#values[name]);
  }

  /** What another reader of a part of this has found. */
  and(part: OperationFields): void {
    if (!part.valid) this.#valid = false;
  }

  #spoil<T>(harmless: T): T {
    this.#valid = false;
    return harmless;
  }
}

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= most && isPlainText(value);

/** A wish in JSON; a name of the holder may be empty, as it is for who does not tell it. */
export const readWishFields = (fields: OperationFields): SeatWish => {
  const wish = fields.nested('wish');
  const holder = wish.nested('holder');
  const read: SeatWish = {
    product: wish.name('product'),
    class: wish.optional('class', (name) => wish.name(name)),
    resource: wish.optional('resource', (name) => wish.name(name)),
    features: wish.list('features', FEATURES_MAX, NAME_MAX),
    weight: wish.uint('weight', 1, SEATS_MAX),
    version: wish.optional('version', (name) => wish.name(name)),
    released: wish.optional('released', (name) => epochSeconds(wish.uint(name, 0, 0xffff_ffff))),
    holder: {
      user: holder.textOrNone('user'),
      host: holder.textOrNone('host'),
      application: holder.textOrNone('application'),
      process: 0,
    },
  };
  fields.and(wish);
  fields.and(holder);
  return read;
};
