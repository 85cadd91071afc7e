/**
 * The settings: one table drives flags, environment, file, help and the README. Flags go over the
 * environment, that over the settings file, that over the defaults.
 */

import { existsSync, readFileSync } from 'node:fs';
import { homedir, hostname, platform } from 'node:os';
import { join } from 'node:path';
import { base64ToBytes } from '../protocol/bytes.ts';
import { isPlainText } from '../protocol/fields.ts';
import { DEFAULT_PORT, KEY_SIZE, NAME_MAX } from '../protocol/limits.ts';
import { HOST_CASES, type HostCase } from './core/judged-host.ts';
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
  const outside = (name: SettingName): string | undefined =>
    sources.flags[name] ?? sources.environment[settingVariable(name)];
  const data = outside('data') ?? defaultDataFolder(sources.environment);
  const file = readSettingsFile(settingsFile(data));
  const text = (name: SettingName): string | undefined => outside(name) ?? file.get(name);
  return {
    data,
    port: readPort(text('port')),
    interfaces: readList(text('interfaces')),
    name: readName(text('name')),
    vendorKeys: readKeys(text('vendor-keys')),
    refuseHosts: readHostCases(text('refuse-hosts')),
  };
};

const wrong = (name: SettingName, why: string): UsherError =>
  new UsherError(
    'WRONG_USAGE',
    `The setting ${name} (--${name}, ${settingVariable(name)}) ${why}.`,
  );

const readPort = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw wrong('port', 'is a number from 0 to 65535');
  return port;
};

const readList = (text: string | undefined): readonly string[] | null => {
  const parts = text?.split(/[\s,]+/).filter((part) => part !== '') ?? [];
  return parts.length === 0 ? null : parts;
};

const readName = (text: string | undefined): string => {
  const name = text ?? hostname();
  if (name.length === 0 || name.length > NAME_MAX || !isPlainText(name)) {
    throw wrong('name', `has 1 to ${NAME_MAX} characters`);
  }
  return name;
};

const readKeys = (text: string | undefined): readonly Uint8Array[] | null => {
  const keys = readList(text);
  if (keys === null) return null;
  return keys.map((key) => {
    const bytes = base64ToBytes(key.replace(/=+$/, ''));
    if (bytes?.length !== KEY_SIZE) throw wrong('vendor-keys', 'holds public keys in base64');
    return bytes;
  });
};

const readHostCases = (text: string | undefined): readonly HostCase[] =>
  (readList(text) ?? []).map((word) => {
    const known = HOST_CASES.find((one) => one === word);
    if (known === undefined) throw wrong('refuse-hosts', `is of ${HOST_CASES.join(', ')}`);
    return known;
  });

const readSettingsFile = (path: string): ReadonlyMap<SettingName, string> => {
  const found = new Map<SettingName, string>();
  if (!existsSync(path)) return found;
  const lines = readFileSync(path, 'utf8').slice(0, FILE_MAX).split(/\r?\n/);
  for (const [i, line] of lines.entries()) {
    const bare = line.replace(/#.*$/, '').trim();
    if (bare === '') continue;
    const [, name = '', value = ''] = /^([a-z-]+)\s*=\s*(.*)$/.exec(bare) ?? [];
    if (!(name in SETTINGS) || name === 'data') {
      throw new UsherError(
        'WRONG_USAGE',
        `${path}, line ${i + 1}: "${bare}" is not \`name = value\` with one of ${SETTING_NAMES.filter((one) => one !== 'data').join(', ')}.`,
      );
    }
    found.set(name as SettingName, value);
  }
  return found;
};

/** Where an agent keeps its data when nobody says. */
const defaultDataFolder = (environment: SettingSources['environment']): string => {
  if (platform() === 'win32') return join(environment['ProgramData'] ?? 'C:\\ProgramData', 'Usher');
  if (process.getuid?.() === 0) return '/var/lib/usher';
  return userStateFolder(environment);
};

/** Where a user's own Usher files are, whoever runs the agent. */
export const userStateFolder = (environment: SettingSources['environment']): string => {
  const local = environment['LOCALAPPDATA'];
  if (platform() === 'win32' && local !== undefined) return join(local, 'Usher');
  const state = environment['XDG_STATE_HOME'];
  return state !== undefined && state !== ''
    ? join(state, 'usher')
    : join(homeFolder(environment), '.local', 'state', 'usher');
};

const homeFolder = (environment: SettingSources['environment']): string => {
  const home = environment['HOME'];
  if (home !== undefined && home !== '') return home;
  try {
    return homedir();
  } catch (error) {
    throw new UsherError(
      'WRONG_USAGE',
      'This user has no home folder: name one with --data.',
      error,
    );
  }
};
