/** Reads the parts that rules are made of from the words of one line. */

import { isPlainText } from '../../../protocol/fields.ts';
import { NAME_MAX, SEATS_MAX } from '../../../protocol/limits.ts';
import { type Seconds, seconds } from '../../../protocol/units.ts';
import { parseAddressRange } from './address-range.ts';
import { namePattern } from './name-pattern.ts';
import { didYouMean } from './nearest-word.ts';
import { DURATION_MAX, type Member, PRIORITY_MAX, type Scope, type Who } from './rule.ts';
import type { Word } from './rule-words.ts';

const MEMBER_KINDS = ['user', 'host', 'group', 'address', 'application'] as const;
const EVERYTHING: readonly string[] = ['everything', '*'];
const UNITS = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;

const quoted = (text: string): string =>
  text.length > NAME_MAX ? `"${text.slice(0, NAME_MAX)}…"` : `"${text}"`;

/** `"user", "host" or "group"`. */
const oneOf = (words: readonly string[]): string => {
  const [last = '', ...others] = words.map(quoted).reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`;
};

/**
 * A cursor over the words of a line. The first word that does not fit is remembered as the fault;
 * from then on every reader returns a harmless value: look at `fault` once, at the end.
 */
export class LineReader {
  readonly #words: readonly Word[];
  #next = 0;
  #fault: string | undefined;
  /** The advice for a word that does not fit behind a name. */
  #nameHint = '';

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  get fault(): string | undefined {
    return this.#fault;
  }

  /** Remembers the sentence, unless there was a fault before. */
  spoil(sentence: string): void {
    this.#fault ??= sentence;
  }

  /** One of these words, in small letters. */
  keyword<const K extends string>(known: readonly K[], wanted = oneOf(known)): K | undefined {
    const nameHint = this.#nameHint;
    const word = this.#take(wanted);
    if (word === undefined) return undefined;
    const found = keywordOf(word, known);
    if (found === undefined) {
      const hint = (word.quoted ? '' : didYouMean(word.text, known)) || nameHint;
      this.spoil(`Here should be ${wanted}, not ${quoted(word.text)}.${hint}`);
    }
    return found;
  }

  /** Whether this word is next; then it is taken. */
  accepts(known: string): boolean {
    const word = this.#words[this.#next];
    if (this.#fault !== undefined || word === undefined) return false;
    if (keywordOf(word, [known]) === undefined) return false;
    this.#next++;
    return true;
  }

  /** A name of 1 to 64 characters. */
  name(what: string): string {
    const word = this.#take(what);
    this.#nameHint = ' A name of several words stands in "quotation marks".';
    return word === undefined ? '' : this.#checkName(word.text, word, what);
  }

  #checkName(text: string, { quoted: isQuoted }: Pick<Word, 'quoted'>, what: string): string {
    if (text === '' || (!isQuoted && /^[,=]$/.test(text))) {
      this.spoil(text === '' ? `Here should be ${what}: it is empty.` : expects(what, text));
    } else if (text.length > NAME_MAX) {
      this.spoil(`${quoted(text)} is too long: a name has at most ${NAME_MAX} characters.`);
    } else if (!isPlainText(text)) {
      this.spoil('The line holds an invisible character: type it anew.');
    }
    return text;
  }

  /** `PRODUCT`, `PRODUCT/CLASS` or `everything`. */
  scope(): Scope {
    const word = this.#take('a product');
    if (word === undefined) return { product: null, class: null };
    const { text, slash } = word;
    const product = slash < 0 ? text : text.slice(0, slash);
    const isEverything = !word.quoted && EVERYTHING.includes(product.toLowerCase());
    if (slash < 0) {
      return {
        product: isEverything ? null : this.#checkName(text, word, 'a product'),
        class: null,
      };
    }
    if (isEverything) this.spoil('A class belongs to one product: name it instead of everything.');
    return {
      product: this.#checkName(product, word, 'a product'),
      class: this.#checkName(text.slice(slash + 1), word, 'a class behind the /'),
    };
  }

  /** `user NAME` and the like. */
  member(): Member {
    return this.#ofKind(this.keyword(MEMBER_KINDS));
  }

  /** A member or `everyone`. `others` are words that the caller would have accepted as well. */
  who(others: readonly string[] = []): Who {
    const kind = this.keyword(['everyone', ...others, ...MEMBER_KINDS]);
    if (kind === 'everyone') return { kind };
    return this.#ofKind(MEMBER_KINDS.find((one) => one === kind));
  }

  #ofKind(kind: Member['kind'] | undefined): Member {
    if (kind !== 'address') {
      return { kind: kind ?? 'user', name: namePattern(this.name(`the name of a ${kind}`)) };
    }
    const text = this.name('an address');
    const range = parseAddressRange(text);
    if (!range.ok) this.spoil(range.error);
    return { kind, range: range.ok ? range.value : { first: [0], last: [0], text } };
  }

  /** How many seats: 1 to 1,000,000. */
  count(): number {
    return this.#whole('a number of seats', /^\d{1,7}$/, 1, SEATS_MAX);
  }

  priority(): number {
    return this.#whole('a priority', /^[+-]?\d{1,3}$/, -PRIORITY_MAX, PRIORITY_MAX);
  }

  /** `30 minutes`, `1 day`: one second to ten years. */
  duration(): Seconds {
    const count = this.#whole('a length of time', /^\d{1,9}$/, 1, DURATION_MAX);
    const word = this.#take('seconds, minutes, hours or days');
    if (word === undefined) return seconds(1);
    const singular = word.text.toLowerCase().replace(/s$/, '');
    const unit = Object.entries(UNITS).find(([name]) => name === singular)?.[1];
    if (unit === undefined) {
      const plurals = Object.keys(UNITS).map((name) => `${name}s`);
      const hint = didYouMean(word.text, plurals);
      this.spoil(
        `Here should be seconds, minutes, hours or days, not ${quoted(word.text)}.${hint}`,
      );
    } else if (count * unit > DURATION_MAX) {
      this.spoil(`${count} ${word.text} is too long: at most ten years (3650 days).`);
    } else return seconds(count * unit);
    return seconds(1);
  }

  #whole(what: string, form: RegExp, least: number, most: number): number {
    const word = this.#take(what);
    if (word === undefined) return least;
    const number = Number(word.text);
    if (form.test(word.text) && number >= least && number <= most) return number;
    this.spoil(
      `${quoted(word.text)} is not ${what}: write a whole number from ${least} to ${most}.`,
    );
    return least;
  }

  /** Nothing may follow. */
  end(): void {
    const word = this.#words[this.#next];
    if (this.#fault !== undefined || word === undefined) return;
    if (word.text === ',' && !word.quoted) {
      this.spoil('A rule is for one name only: make a group of several and name the group.');
      return;
    }
    this.spoil(`The rule is complete before ${quoted(word.text)}: take it away.${this.#nameHint}`);
  }

  #take(wanted: string): Word | undefined {
    if (this.#fault !== undefined) return undefined;
    const word = this.#words[this.#next];
    if (word === undefined) {
      this.spoil(`The line ends too early: here should follow ${wanted}.`);
      return undefined;
    }
    this.#next++;
    this.#nameHint = '';
    return word;
  }
}

const expects = (what: string, text: string): string => `Here should be ${what}, not "${text}".`;

const keywordOf = <K extends string>(word: Word, known: readonly K[]): K | undefined =>
  word.quoted ? undefined : known.find((one) => one === word.text.toLowerCase());
