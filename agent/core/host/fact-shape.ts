/** Small bounded readers of JSON values: each gives the value, `undefined` for `null`, or a sentence. */

import { err, ok, type Result } from '../../../protocol/result.ts';

/** Longest text accepted, in UTF-16 units. */
export const TEXT_MAX = 65_536;
/** Most items in one list, most names in one object. */
export const ITEMS_MAX = 8_192;

export type Shape<T> = (value: unknown, path: string) => Result<T | undefined, string>;

type Shapes<T> = { readonly [K in keyof T]-?: Shape<NonNullable<T[K]>> };

/** An object whose known keys have these shapes; others are ignored. */
export const record =
  <T extends object>(shapes: Shapes<T>): Shape<T> =>
  (value, path) => {
    if (value === null) return ok(undefined);
    if (!isObject(value)) return wrong(path, 'an object', value);
    const made: Partial<T> = {};
    for (const key of Object.keys(shapes) as (keyof T & string)[]) {
      if (!Object.hasOwn(value, key)) continue;
      const read = shapes[key](value[key], path === '' ? key : `${path}.${key}`);
      if (!read.ok) return read;
      if (read.value !== undefined) made[key] = read.value;
    }
    return ok(made as T);
  };

export const text = (): Shape<string> => (value, path) => {
  if (value === null) return ok(undefined);
  if (typeof value !== 'string') return wrong(path, 'text', value);
  if (value.length > TEXT_MAX)
    return err(`"${path}" is longer than ${TEXT_MAX} characters; shorten the recorded facts.`);
  return ok(value);
};

export const textOrNumber = (): Shape<string> => (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? ok(String(value)) : text()(value, path);

export const flag = (): Shape<boolean> => (value, path) => {
  if (value === null) return ok(undefined);
  return typeof value === 'boolean' ? ok(value) : wrong(path, 'true or false', value);
};

export const texts = (): Shape<readonly string[]> => (value, path) => list(value, path, textOf);

export const numbers = (): Shape<readonly number[]> => (value, path) =>
  list(value, path, (item, at) =>
    typeof item === 'number' && Number.isFinite(item) ? ok(item) : wrong(at, 'a number', item),
  );

/** An object of texts. */
export const textByName = (): Shape<Readonly<Record<string, string>>> => (value, path) => {
  if (value === null) return ok(undefined);
  if (!isObject(value)) return wrong(path, 'an object', value);
  const names = Object.keys(value);
  if (names.length > ITEMS_MAX) return tooMany(path);
  const made: [string, string][] = [];
  for (const name of names) {
    const read = textOf(value[name], `${path}.${name.slice(0, 40)}`);
    if (!read.ok) return read;
    made.push([name, read.value]);
  }
  return ok(Object.fromEntries(made));
};

/**
 * What recorders write in several forms, as a list of texts: a text, a list of texts or of flat
 * objects (each becomes its values, parted by spaces), a flat object (`name=value`), a truth value.
 */
export const words = (): Shape<readonly string[]> => (value, path) => {
  if (value === null) return ok(undefined);
  if (Array.isArray(value)) return list(value, path, flatItem);
  if (isObject(value)) {
    const read = textByName()(value, path);
    if (!read.ok) return read;
    return ok(Object.entries(read.value ?? {}).map(([name, word]) => `${name}=${word}`));
  }
  if (value === false) return ok([]);
  const read = flatItem(value, path);
  return read.ok ? ok([read.value]) : read;
};

const flatItem = (item: unknown, path: string): Result<string, string> => {
  if (typeof item === 'boolean') return ok(String(item));
  if (!isObject(item)) return textOf(item, path);
  const read = textByName()(item, path);
  return read.ok ? ok(Object.values(read.value ?? {}).join(' ')) : read;
};

const list = <T>(
  value: unknown,
  path: string,
  each: (item: unknown, path: string) => Result<T, string>,
): Result<readonly T[] | undefined, string> => {
  if (value === null) return ok(undefined);
  if (!Array.isArray(value)) return wrong(path, 'a list', value);
  if (value.length > ITEMS_MAX) return tooMany(path);
  const made: T[] = [];
  for (const [index, item] of value.entries()) {
    const read = each(item, `${path}[${index}]`);
    if (!read.ok) return read;
    made.push(read.value);
  }
  return ok(made);
};

const textOf = (value: unknown, path: string): Result<string, string> => {
  const read = textOrNumber()(value, path);
  if (!read.ok) return read;
  return read.value === undefined ? wrong(path, 'text', value) : ok(read.value);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const tooMany = (path: string): Result<never, string> =>
  err(`"${path}" has more than ${ITEMS_MAX} entries; shorten the recorded facts.`);

const wrong = (path: string, wanted: string, value: unknown): Result<never, string> => {
  const place = path === '' ? 'Hardware facts' : `"${path}"`;
  return err(`${place} must be ${wanted}, but ${path === '' ? 'are' : 'is'} ${kindOf(value)}.`);
};

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};
