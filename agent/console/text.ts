/** Words, numbers and dates in the reader's language. */

import type { masterEn } from './master/texts/master-en.ts';
import type { en } from './texts/en.ts';

/** Of the agent's console and of the master's, which share their parts. */
export type TextKey = keyof typeof en | keyof typeof masterEn;
type Texts = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, string | number>>;

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

let tables: Readonly<Record<Language, Texts>> = { en: {}, de: {} };
const KEPT_AS = 'usher-language';

const chosen = (): Language => {
  const kept = localStorage.getItem(KEPT_AS) ?? navigator.language.slice(0, 2);
  return kept === 'de' ? 'de' : 'en';
};

let language = chosen();
/** Dates as the reader's region writes them, where that is the same language. */
const locale = (): string =>
  navigator.language.startsWith(language) ? navigator.language : language;

export const currentLanguage = (): Language => language;

export const setLanguage = (next: Language): void => {
  localStorage.setItem(KEPT_AS, next);
  language = next;
  document.documentElement.lang = next;
};

/** What a console says in each language; to be called before anything is drawn. */
export const setTexts = (texts: Readonly<Record<Language, Texts>>): void => {
  tables = texts;
};

/** The text of this key, with its values put in. */
export const t = (key: TextKey, values: Values = {}): string =>
  (tables[language][key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? number(value) : (value ?? '');
  });

/** A text by a word that the agent said; `fallback` for one that this page does not know. */
export const say = (prefix: string, word: string, fallback = word): string => {
  const key = `${prefix}.${word}`;
  return key in tables.en ? t(key as TextKey) : fallback;
};

type Counted =
  | 'seats'
  | 'users'
  | 'rules'
  | 'licenses'
  | 'seat.disconnect'
  | 'seat.freed'
  | 'seat.ending'
  | 'user.recall'
  | 'customers'
  | 'activations'
  | 'requests'
  | 'lines'
  | 'computers';

/** "1 seat", "2 seats". */
export const count = (what: Counted, n: number): string =>
  t(`${what}.${n === 1 ? 'one' : 'other'}`, { n });

/** Making one takes longer than using it, and a table uses hundreds. */
const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

const kept = <T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T => {
  const known = formats.get(key) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  formats.set(key, made);
  return made;
};

const dateText = (date: Date, options: Intl.DateTimeFormatOptions): string =>
  kept(
    `${locale()} ${JSON.stringify(options)}`,
    () => new Intl.DateTimeFormat(locale(), options),
  ).format(date);

export const number = (value: number): string =>
  kept(`${locale()} number`, () => new Intl.NumberFormat(locale())).format(value);

export const percent = (share: number): string =>
  share.toLocaleString(locale(), { style: 'percent', maximumFractionDigits: 0 });

/** The short name of a weekday; 0 is Sunday. */
export const weekdayName = (weekday: number): string =>
  // The fourth of January 1970 was a Sunday.
  new Date((3 + weekday) * DAY_S * 1000).toLocaleDateString(locale(), {
    weekday: 'short',
    timeZone: 'UTC',
  });

/** An hour of the day in two digits, for the edge of a picture. */
export const hourOfDay = (hour: number): string => String(hour).padStart(2, '0');

const DAY_S = 86_400;

/** A moment: the time of day when it is today, else the day as well. Seconds since 1970. */
export const moment = (seconds: number): string => {
  const date = new Date(seconds * 1000);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return dateText(date, TIME);
  const { year, ...brief } = DAY;
  const isThisYear = date.getFullYear() === now.getFullYear();
  return dateText(date, { ...brief, ...(isThisYear ? {} : { year }), ...TIME });
};

/** The same with seconds, for a log. */
export const instant = (milliseconds: number): string =>
  dateText(new Date(milliseconds), { ...DAY, ...TIME, second: '2-digit' });

const TIME = { hour: '2-digit', minute: '2-digit' } as const;
const DAY = { year: 'numeric', month: 'short', day: 'numeric' } as const;

/** A day in UTC, as licenses count days. */
export const day = (seconds: number): string =>
  dateText(new Date(seconds * 1000), { ...DAY, timeZone: 'UTC' });

/** "in 3 days", "2 weeks ago". */
export const fromNow = (seconds: number): string => {
  const days = Math.round((seconds - Date.now() / 1000) / DAY_S);
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(days, 'day');
};

const UNITS = [
  ['day', DAY_S],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A length of time in its two largest units. */
export const length = (seconds: number): string => {
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [unit, size] of UNITS) {
    const many = Math.floor(rest / size);
    rest -= many * size;
    if (many === 0 && !(unit === 'second' && parts.length === 0)) continue;
    parts.push(many.toLocaleString(locale(), { style: 'unit', unit, unitDisplay: 'long' }));
    if (parts.length === 2) break;
  }
  return parts.join(' ');
};
