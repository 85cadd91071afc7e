/**
 * The settings file: lines of `name = value`; `#`, first or after a space, starts a comment. It is
 * `usher.conf` in the data folder; the computer's own agent has it where Linux keeps settings, in
 * /etc/usher.
 */

import { platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readFileUpTo } from '../protocol/node/bounded-files.ts';
import { didYouMean } from './core/rules/nearest-word.ts';
import { FILE_SETTINGS, type FileSetting, NAMED_FILES } from './settings-table.ts';
import { VALUE_READERS, wrongValue } from './settings-values.ts';
import { systemReason } from './system-reason.ts';
import { UsherError } from './usher-error.ts';

/** The data folder of the computer's own agent, which the service runs. */
export const MACHINE_DATA = '/var/lib/usher';
/** Its settings. */
export const MACHINE_SETTINGS = '/etc/usher/usher.conf';

/** The settings file of the agent with this data folder. */
export const settingsFile = (data: string): string =>
  platform() !== 'win32' && resolve(data) === MACHINE_DATA
    ? MACHINE_SETTINGS
    : join(data, 'usher.conf');

export interface SettingLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface SettingFault {
  /** From 1. */
  readonly line: number;
  /** What is wrong, to be read behind the file's name and the line. */
  readonly sentence: string;
}

export interface SettingsText {
  /** The lines that are in order. */
  readonly given: ReadonlyMap<FileSetting, SettingLine>;
  readonly faults: readonly SettingFault[];
}

/** What a settings file says, and everything that is wrong with it. */
export const parseSettingsText = (content: string): SettingsText => {
  const given = new Map<FileSetting, SettingLine>();
  const faults: SettingFault[] = [];
  // What PowerShell and Notepad make of it when they are asked for "Unicode".
  if (content.includes('\0')) return { given, faults: [{ line: 1, sentence: WRONG_ENCODING }] };
  for (const [i, raw] of content.split(/\r?\n/).entries()) {
    const bare = raw.replace(COMMENT, '').trim();
    if (bare === '') continue;
    const line = i + 1;
    const sentence = takeLine(bare, line, given);
    if (sentence !== undefined) faults.push({ line, sentence });
  }
  return { given, faults };
};

/** A password may have the sign in it, as any value may. */
const COMMENT = /(^|\s)#.*$/;
const WRONG_ENCODING = 'is text in another encoding: save the file as UTF-8.';
/** What decoding puts in the place of bytes that are no UTF-8. */
const NO_CHARACTER = '\ufffd';

/** Takes a line in, or says what is wrong with it. */
const takeLine = (
  bare: string,
  line: number,
  given: Map<FileSetting, SettingLine>,
): string | undefined => {
  if (bare.includes(NO_CHARACTER)) return WRONG_ENCODING;
  const [, word, text = ''] = /^([a-z-]+)\s*=\s*(.*)$/.exec(bare) ?? [];
  const name = FILE_SETTINGS.find((one) => one === word);
  if (name === undefined) {
    const [first = ''] = bare.split(/[\s=:]/, 1);
    const known = FILE_SETTINGS.some((one) => one === first);
    const wanted = `\`name = value\` with one of ${FILE_SETTINGS.join(', ')}`;
    return `${wrongValue({ wanted, text: bare })}${known ? '' : didYouMean(first, FILE_SETTINGS)}`;
  }
  const before = given.get(name)?.line;
  if (before !== undefined) return `sets ${name} again, which line ${before} has set: remove one.`;
  const value = VALUE_READERS[name](text);
  if (!value.ok) return `${name} ${wrongValue(value.error)}`;
  given.set(name, { text, line });
  return undefined;
};

/**
 * What a line of the settings file at `path` sets. A file's name in it is taken from its folder, as nobody
 * knows in which one a service starts.
 */
export const settingText = (path: string, name: FileSetting, { text }: SettingLine): string =>
  NAMED_FILES.some((one) => one === name) ? resolve(dirname(path), text) : text;

const FILE_MAX = 65_536;

/** The text of a settings file; `undefined` when there is none. Code: FILE_UNREADABLE. */
export const readSettingsText = (path: string): string | undefined => {
  try {
    return new TextDecoder().decode(readFileUpTo(path, FILE_MAX));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const why = systemReason(error);
    throw new UsherError('FILE_UNREADABLE', `Cannot read the settings in ${path}: ${why}.`, error);
  }
};
