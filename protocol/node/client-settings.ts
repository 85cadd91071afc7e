/**
 * What an administrator or a user has set for applications on this computer: in one file of the
 * user's and one of the machine's. The user's word goes over the machine's, unless that is locked.
 */

import { mkdirSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CLIENT_SETTINGS_MAX } from '../limits.ts';
import { err, ok, type Result } from '../result.ts';
import { readFileUpTo } from './bounded-files.ts';
import {
  CLIENT_KEYS,
  CLIENT_MODES,
  type ClientKey,
  type ClientMode,
  changeSettings,
  parseSettings,
  type SettingChange,
  type SettingLine,
} from './client-settings-text.ts';
import { type Environment, machineSettingsFolder, userSettingsFolder } from './user-folders.ts';

const FILE = 'client.conf';

/** The user's file, which USHER_CLIENT_CONF may name; `undefined` for a user without a home. */
export const userSettingsFile = (environment: Environment): string | undefined => {
  const named = environment['USHER_CLIENT_CONF'];
  if (named) return resolve(named);
  const folder = userSettingsFolder(environment);
  return folder === undefined ? undefined : join(folder, FILE);
};

/** The file for everybody on this computer. */
export const machineSettingsFile = (environment: Environment): string =>
  join(machineSettingsFolder(environment), FILE);

/** A setting and where it stands. */
export interface SettingGiven extends SettingLine {
  readonly file: string;
}

/** What is set for one product. */
export interface ProductSettings {
  readonly mode: ClientMode;
  /** Agents' addresses, beside those that are found without. */
  readonly agents: readonly string[];
  /** The file of its standalone license. */
  readonly license: string | null;
}

export class ClientSettings {
  readonly #user: readonly SettingGiven[];
  readonly #machine: readonly SettingGiven[];

  constructor(user: readonly SettingGiven[], machine: readonly SettingGiven[]) {
    this.#user = user;
    this.#machine = machine;
  }

  /**
   * The setting that counts. What is locked goes first, then the user's, then the machine's; and what
   * is said of the product before what is said of every product.
   */
  given(product: string | null, key: ClientKey): SettingGiven | undefined {
    const locked = this.#machine.filter((one) => one.locked);
    const of = (all: readonly SettingGiven[], whose: string | null): SettingGiven | undefined =>
      all.find((one) => one.key === key && one.product === whose);
    return (
      of(locked, product) ??
      of(locked, null) ??
      of(this.#user, product) ??
      of(this.#machine, product) ??
      of(this.#user, null) ??
      of(this.#machine, null)
    );
  }

  /** Products of which something is said. */
  get products(): readonly string[] {
    const names = [...this.#user, ...this.#machine].flatMap(({ product }) => product ?? []);
    return [...new Set(names)].sort();
  }

  /** What counts for a product; `null` for whichever. */
  settingsFor(product: string | null): ProductSettings {
    const [mode, agent, license] = CLIENT_KEYS.map((key) => this.given(product, key));
    return {
      mode: CLIENT_MODES.find((one) => one === mode?.value) ?? 'network',
      agents: agent?.value.split(/[\s,]+/).filter((part) => part !== '') ?? [],
      license: license === undefined ? null : resolve(dirname(license.file), license.value),
    };
  }
}

/** Reads the settings, or says in one sentence what is wrong with which line of which file. */
export const readClientSettings = (environment: Environment): Result<ClientSettings, string> => {
  const userFile = userSettingsFile(environment);
  const user = userFile === undefined ? ok([]) : readFile(userFile);
  const machine = readFile(machineSettingsFile(environment));
  if (!user.ok) return user;
  return machine.ok ? ok(new ClientSettings(user.value, machine.value)) : machine;
};

const readFile = (file: string): Result<readonly SettingGiven[], string> => {
  const text = readText(file);
  if (!text.ok) return text;
  const lines = parseSettings(text.value);
  return lines.ok
    ? ok(lines.value.map((line) => ({ ...line, file })))
    : err(`${file}, ${lines.error}`);
};

const readText = (file: string): Result<string, string> => {
  try {
    return ok(new TextDecoder().decode(readFileUpTo(file, CLIENT_SETTINGS_MAX)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok('');
    return err(`Cannot read the settings in ${file}: ${message}.`);
  }
};

/**
 * Changes a settings file whole or not at all; the error says what is wrong with what stands in it.
 * Throws the system's error when it cannot be written.
 */
export const changeClientSettings = (
  file: string,
  changes: readonly SettingChange[],
): Result<void, string> => {
  const before = readText(file);
  if (!before.ok) return before;
  const after = changes.reduce(changeSettings, before.value);
  const sound = parseSettings(after);
  if (!sound.ok) return err(`${file}, ${sound.error}`);
  if (Buffer.byteLength(after) > CLIENT_SETTINGS_MAX) {
    return err(`${file} would be too large: remove settings that nobody needs.`);
  }
  if (after !== before.value) replaceFile(file, after);
  return ok(undefined);
};

/** A link stays a link, and the file keeps its mode. */
const replaceFile = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  const stat = statSync(file, { throwIfNoEntry: false });
  const target = stat === undefined ? file : realpathSync(file);
  const draft = `${target}.${process.pid}`;
  writeFileSync(draft, text, { mode: stat === undefined ? 0o644 : stat.mode & 0o777, flush: true });
  renameSync(draft, target);
};
