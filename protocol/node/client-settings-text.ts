/** The text of a client's settings file: read line by line, changed without touching other lines. */

import { isPlainText } from '../fields.ts';
import { DEFAULT_PORT, NAME_MAX } from '../limits.ts';
import { err, ok, type Result } from '../result.ts';
import { parseAgentAddresses } from './agent-address.ts';

export const CLIENT_KEYS = ['mode', 'agent', 'license'] as const;
export type ClientKey = (typeof CLIENT_KEYS)[number];

/** `network`: a seat of an agent. `standalone`: a license of this computer alone, and no agent. */
export const CLIENT_MODES = ['network', 'standalone'] as const;
export type ClientMode = (typeof CLIENT_MODES)[number];

/** One setting where it stands. */
export interface SettingLine {
  /** `null`: for every product. */
  readonly product: string | null;
  readonly key: ClientKey;
  readonly value: string;
  /** The machine's file says so, and no user's file may say otherwise. */
  readonly locked: boolean;
  /** From 1. */
  readonly line: number;
}

/** What is wrong, in words that follow a file's name, e.g. `line 3: …`. */
export type SettingsFault = string;

/** Products and settings in one file. */
const LINES_MAX = 4096;

const COMMENT = /(^|\s)#.*$/;
const SECTION = /^\[(.*)\]$/;
const SETTING = /^(locked\s+)?([^\s=]+)\s*=\s*(.*)$/;

/** Every setting in a text, each named once for a product. */
export const parseSettings = (text: string): Result<readonly SettingLine[], SettingsFault> => {
  const lines = text.split(/\r?\n/);
  if (lines.length > LINES_MAX) return err(`it has more than ${LINES_MAX} lines.`);
  const found: SettingLine[] = [];
  let product: string | null = null;
  for (const [i, whole] of lines.entries()) {
    const bare = whole.replace(COMMENT, '').trim();
    if (bare === '') continue;
    const section = SECTION.exec(bare)?.[1]?.trim();
    if (section !== undefined) {
      if (!isProductName(section)) return err(`line ${i + 1}: [${section}] names no product.`);
      product = section;
      continue;
    }
    const setting = readSetting(bare);
    if (!setting.ok) return err(`line ${i + 1}: ${setting.error}`);
    const before = found.find((one) => one.product === product && one.key === setting.value.key);
    if (before !== undefined) {
      return err(`line ${i + 1}: ${before.key} stands already in line ${before.line}.`);
    }
    found.push({ product, ...setting.value, line: i + 1 });
  }
  return ok(found);
};

/** Whether a name can stand in the brackets of a section. */
export const isProductName = (name: string): boolean =>
  name.length > 0 &&
  name.length <= NAME_MAX &&
  isPlainText(name) &&
  name.trim() === name &&
  !/(^|\s)#/.test(name);

const readSetting = (
  bare: string,
): Result<Omit<SettingLine, 'product' | 'line'>, SettingsFault> => {
  const [, locked, word, value = ''] = SETTING.exec(bare) ?? [];
  if (word === undefined) {
    return err(`this is neither \`name = value\` nor \`[product]\`: "${bare.slice(0, 80)}".`);
  }
  const key = CLIENT_KEYS.find((one) => one === word);
  if (key === undefined) {
    return err(`there is no setting "${word.slice(0, 40)}"; did you mean ${nearestKey(word)}?`);
  }
  const fault = settingFault(key, value);
  return fault === undefined ? ok({ key, value, locked: locked !== undefined }) : err(fault);
};

/** What is wrong with a value, if something is. */
export const settingFault = (key: ClientKey, value: string): SettingsFault | undefined => {
  const shown = `"${value.slice(0, 80)}"`;
  switch (key) {
    case 'mode': {
      const isMode = CLIENT_MODES.some((mode) => mode === value);
      return isMode ? undefined : `mode is ${CLIENT_MODES.join(' or ')}, not ${shown}.`;
    }
    case 'agent': {
      const addresses = parseAgentAddresses(value, DEFAULT_PORT);
      const fits = addresses !== undefined && addresses.length > 0;
      return fits ? undefined : `agent is addresses, HOST or HOST:PORT with commas, not ${shown}.`;
    }
    case 'license': {
      const fits = value !== '' && isPlainText(value) && !COMMENT.test(value);
      return fits ? undefined : `license is the path of a file, not ${shown}.`;
    }
  }
};

const nearestKey = (word: string): ClientKey => {
  const distance = (key: ClientKey): number => editDistance(word.toLowerCase().slice(0, 40), key);
  return CLIENT_KEYS.reduce((best, key) => (distance(key) < distance(best) ? key : best));
};

/** Letters put in, left out or changed between two words (Levenshtein). */
const editDistance = (left: string, right: string): number => {
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...left].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...right].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
};

/** One change: `value: null` takes the setting out. */
export interface SettingChange {
  readonly product: string | null;
  readonly key: ClientKey;
  readonly value: string | null;
  readonly locked?: boolean;
}

/** The text with one change; every other line stays as it is, comments and line ends included. */
export const changeSettings = (text: string, change: SettingChange): string => {
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  const { product, key, value, locked = false } = change;
  const setting = `${locked ? 'locked ' : ''}${key} = ${value}`;
  const place = findPlace(lines, product, key);
  if (place.at !== undefined) {
    const before = lines[place.at] ?? '';
    const comment = before.slice(before.replace(COMMENT, '').trimEnd().length);
    lines.splice(place.at, 1, ...(value === null ? [] : [`${setting}${comment}`]));
  } else if (value !== null && place.end !== undefined) {
    lines.splice(place.end, 0, setting);
  } else if (value !== null) {
    lines.push(...(lines.length === 0 ? [] : ['']), `[${product}]`, setting);
  }
  return lines.length === 0 ? '' : `${lines.join(ending)}${ending}`;
};

/** Where the setting stands, and where the settings of its product end. */
const findPlace = (
  lines: readonly string[],
  product: string | null,
  key: ClientKey,
): { readonly at: number | undefined; readonly end: number | undefined } => {
  let section: string | null = null;
  let end = product === null ? 0 : undefined;
  for (const [i, whole] of lines.entries()) {
    const bare = whole.replace(COMMENT, '').trim();
    section = SECTION.exec(bare)?.[1]?.trim() ?? section;
    if (section !== product || bare === '') continue;
    end = i + 1;
    if (SETTING.exec(bare)?.[2] === key) return { at: i, end };
  }
  return { at: undefined, end };
};
