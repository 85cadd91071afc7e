/**
 * The settings: one table drives flags, environment, file, help and the README. Flags go over the
 * environment, that over the settings file, that over the defaults.
 */

import { readFileSync } from 'node:fs';
import { hostname, platform } from 'node:os';
import { join } from 'node:path';
import { base64ToBytes } from '../protocol/bytes.ts';
import { isPlainText } from '../protocol/fields.ts';
import { DEFAULT_PORT, KEY_SIZE, NAME_MAX } from '../protocol/limits.ts';
import { userStateFolder as stateFolder } from '../protocol/node/user-folders.ts';
import { HOST_CASES, type HostCase } from './core/judged-host.ts';
import { systemReason } from './system-reason.ts';
import { UsherError } from './usher-error.ts';

export interface Settings {
  /** Where licenses, leases and the agent's key are kept. */
  readonly data: string;
  readonly port: number;
  /** Interfaces to use; `null` for every one. */
  readonly interfaces: readonly string[] | null;
  /** The agent's name as people see it in discovery. */
  readonly name: string;
  /** Vendors whose licenses are taken; `null` for all. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  /** Hosts that are refused here, whatever a license allows. */
  readonly refuseHosts: readonly HostCase[];
}

export const SETTINGS = {
  data: {
    value: 'FOLDER',
    summary: "the agent's data folder",
    fallback: "/var/lib/usher for root, %ProgramData%\\Usher on Windows, else the user's own",
  },
  port: { value: 'PORT', summary: 'the UDP port', fallback: String(DEFAULT_PORT) },
  interfaces: {
    value: 'NAME,…',
    summary: 'network interfaces to use',
    fallback: 'all',
  },
  name: {
    value: 'NAME',
    summary: "the agent's name in discovery",
    fallback: "this computer's name",
  },
  'vendor-keys': {
    value: 'KEY,…',
    summary: 'take licenses of these vendors only',
    fallback: 'any vendor',
  },
  'refuse-hosts': {
    value: 'KIND,…',
    summary: 'lend nothing on such a host, whatever a license allows: virtual, container, unknown',
    fallback: 'as each license says',
  },
} as const;

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** The environment variable of a setting: `USHER_DATA`, `USHER_VENDOR_KEYS`, … */
export const settingVariable = (name: SettingName): string =>
  `USHER_${name.replaceAll('-', '_').toUpperCase()}`;

/** The settings file in a data folder: lines of `name = value`, `#` starts a comment. */
export const settingsFile = (data: string): string => join(data, 'usher.conf');

const FILE_MAX = 65_536;

export interface SettingSources {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reads and checks the settings. Code: WRONG_USAGE, with the name and where it came from. */
export const readSettings = (sources: SettingSources): Settings => {
  const outside = (name: SettingName): Given | undefined => {
    const flag = sources.flags[name];
    if (flag !== undefined) return { text: flag, source: `--${name}` };
    const variable = sources.environment[settingVariable(name)];
    // An empty variable is how scripts unset one.
    return variable ? { text: variable, source: settingVariable(name) } : undefined;
  };
  const data = outside('data')?.text ?? defaultDataFolder(sources.environment);
  if (data === '') throw wrong({ text: data, source: '--data' }, 'a folder');
  const file = readSettingsFile(settingsFile(data));
  const given = (name: SettingName): Given | undefined => outside(name) ?? file.get(name);
  return {
    data,
    port: readPort(given('port')),
    interfaces: readList(given('interfaces'), 'names of interfaces'),
    name: readName(given('name')),
    vendorKeys: readKeys(given('vendor-keys')),
    refuseHosts: readHostCases(given('refuse-hosts')),
  };
};

/** A setting's text and where it stands, for whoever must mend it. */
interface Given {
  readonly text: string;
  readonly source: string;
}

const wrong = ({ text, source }: Given, wanted: string): UsherError =>
  new UsherError('WRONG_USAGE', `${source} is ${wanted}, not "${text.slice(0, 100)}".`);

const readPort = (given: Given | undefined): number => {
  if (given === undefined) return DEFAULT_PORT;
  const port = Number(given.text);
  if (!/^\d{1,5}$/.test(given.text) || port > 65_535) {
    throw wrong(given, 'a number from 0 to 65535');
  }
  return port;
};

const readList = (given: Given | undefined, wanted: string): readonly string[] | null => {
  if (given === undefined) return null;
  const parts = given.text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) throw wrong(given, wanted);
  return parts;
};

const readName = (given: Given | undefined): string => {
  if (given === undefined) return hostname().slice(0, NAME_MAX);
  const { text } = given;
  if (text.length === 0 || text.length > NAME_MAX || !isPlainText(text)) {
    throw wrong(given, `a name of 1 to ${NAME_MAX} characters`);
  }
  return text;
};

const readKeys = (given: Given | undefined): readonly Uint8Array[] | null => {
  const wanted = "vendors' public keys in base64";
  const keys = readList(given, wanted);
  if (given === undefined || keys === null) return null;
  return keys.map((key) => {
    const bytes = base64ToBytes(key.replace(/=+$/, ''));
    if (bytes?.length !== KEY_SIZE) throw wrong({ ...given, text: key }, wanted);
    return bytes;
  });
};

const readHostCases = (given: Given | undefined): readonly HostCase[] => {
  const wanted = `of ${HOST_CASES.join(', ')}`;
  const words = readList(given, wanted);
  if (given === undefined || words === null) return [];
  return words.map((word) => {
    const known = HOST_CASES.find((one) => one === word);
    if (known === undefined) throw wrong({ ...given, text: word }, wanted);
    return known;
  });
};

/** The settings that a file may hold: where the file lies is not one of them. */
const FILE_SETTINGS = SETTING_NAMES.filter((name) => name !== 'data');

const readSettingsFile = (path: string): ReadonlyMap<SettingName, Given> => {
  const found = new Map<SettingName, Given>();
  for (const [i, line] of readLines(path).entries()) {
    const bare = line.replace(/#.*$/, '').trim();
    if (bare === '') continue;
    const source = `${path}, line ${i + 1},`;
    const [, word, text = ''] = /^([a-z-]+)\s*=\s*(.*)$/.exec(bare) ?? [];
    const name = FILE_SETTINGS.find((one) => one === word);
    if (name === undefined) {
      const names = FILE_SETTINGS.join(', ');
      throw wrong({ text: bare, source }, `\`name = value\` with one of ${names}`);
    }
    found.set(name, { text, source: `${source} ${name}` });
  }
  return found;
};

const readLines = (path: string): readonly string[] => {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > FILE_MAX) throw new Error('it is too large');
    return text.split(/\r?\n/);
  } catch (error) {
    // What another user's agent is set to is not for this one; the agent itself can read its file.
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return [];
    }
    const why = systemReason(error);
    throw new UsherError('FILE_UNREADABLE', `Cannot read the settings in ${path}: ${why}.`, error);
  }
};

/** Where an agent keeps its data when nobody says. */
const defaultDataFolder = (environment: SettingSources['environment']): string => {
  if (platform() === 'win32') return join(environment['ProgramData'] ?? 'C:\\ProgramData', 'Usher');
  if (process.getuid?.() === 0) return '/var/lib/usher';
  return userStateFolder(environment);
};

/** Where a user's own Usher files are, whoever runs the agent. Code: WRONG_USAGE. */
export const userStateFolder = (environment: SettingSources['environment']): string => {
  const folder = stateFolder(environment);
  if (folder !== undefined) return folder;
  throw new UsherError('WRONG_USAGE', 'This user has no home folder: name one with --data.');
};
