/** The fields of a question in JSON; the first that does not fit is named. Code: WRONG_USAGE. */

import { base32ToBytes } from '../../protocol/bytes.ts';
import { isPlainText } from '../../protocol/fields.ts';
import { type LicenseId, licenseId } from '../../protocol/ids.ts';
import { LICENSE_ID_SIZE } from '../../protocol/limits.ts';
import { UsherError } from '../usher-error.ts';

/** Texts in one list. */
const LIST_MAX = 256;
/** Characters of one of them. */
const ITEM_MAX = 512;

const misfit = (name: string, what: string): UsherError =>
  new UsherError('WRONG_USAGE', `"${name}" is ${what}.`);

export class QuestionFields {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UsherError('WRONG_USAGE', 'A question is a JSON object.');
    }
    this.#values = value as Readonly<Record<string, unknown>>;
  }

  /** A line of plain text. */
  text(name: string, most: number, least = 1): string {
    const value = this.paste(name, most);
    if (value.length >= least && isPlainText(value)) return value;
    throw misfit(name, `a line of text of ${least} to ${most} characters`);
  }

  /** `null` where it is left out, or `null` itself. */
  optional<T>(name: string, read: (fields: QuestionFields) => T): T | null {
    return (this.#values[name] ?? null) === null ? null : read(this);
  }

  /** Any text, as somebody has pasted it. */
  paste(name: string, most: number): string {
    const value = this.#values[name];
    if (typeof value === 'string' && value.length <= most) return value;
    throw misfit(name, `a text of at most ${most} characters`);
  }

  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const word = words.find((one) => one === this.#values[name]);
    if (word !== undefined) return word;
    throw misfit(name, `one of ${words.join(', ')}`);
  }

  count(name: string, most: number): number {
    const value = this.#values[name];
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) {
      return value;
    }
    throw misfit(name, `a whole number up to ${most}`);
  }

  license(name: string): LicenseId {
    const value = this.#values[name];
    const bytes =
      typeof value === 'string' && value.length === 26 ? base32ToBytes(value) : undefined;
    if (bytes?.length === LICENSE_ID_SIZE) return licenseId(bytes);
    throw misfit(name, 'the number of a license, 26 letters and digits');
  }

  texts(name: string): readonly string[] {
    const value = this.#values[name] ?? [];
    const fits =
      Array.isArray(value) &&
      value.length <= LIST_MAX &&
      value.every((one) => typeof one === 'string' && one.length <= ITEM_MAX);
    if (fits) return value as readonly string[];
    throw misfit(name, `a list of at most ${LIST_MAX} texts`);
  }

  nested(name: string): QuestionFields {
    return new QuestionFields(this.#values[name]);
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  get kind(): unknown {
    return this.#values['kind'];
  }
}
