/** The settings as they hold: flags go over the environment, that over the file, that over defaults. */

import { hostname, platform } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PORT, NAME_MAX } from '../protocol/limits.ts';
import { userStateFolder as stateFolder } from '../protocol/node/user-folders.ts';
import type { Result } from '../protocol/result.ts';
import type { AlarmSettings } from './alarm-settings.ts';
import type { HostCase } from './core/host/judged-host.ts';
import {
  MACHINE_DATA,
  parseSettingsText,
  readSettingsText,
  type SettingLine,
  settingsFile,
  settingText,
} from './settings-file.ts';
import { type FileSetting, type SettingName, settingVariable } from './settings-table.ts';
import { type ConsoleAt, VALUE_READERS, type WrongValue, wrongValue } from './settings-values.ts';
import type { SiteSettings } from './site-settings.ts';
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
  readonly alarms: AlarmSettings;
  /** Hosts that are refused here, whatever a license allows. */
  readonly refuseHosts: readonly HostCase[];
  /** Where console and metrics are; `null` for nowhere. */
  readonly console: ConsoleAt | null;
  /** A PEM file for the console on the network; `null` for one of its own making. */
  readonly consoleCertificate: string | null;
  readonly site: SiteSettings;
}

export interface SettingSources {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A setting's text and where it stands, for whoever must mend it. */
interface Given {
  readonly text: string;
  readonly source: string;
}

/** Reads and checks the settings. Code: WRONG_USAGE, with the name and where it came from. */
export const readSettings = (sources: SettingSources): Settings => {
  refuseOpenPassword(sources);
  const { data, given } = openSources(sources);
  const read = <T>(
    name: FileSetting,
    reader: (text: string) => Result<T, WrongValue>,
  ): T | undefined => {
    const found = given(name);
    if (found === undefined) return undefined;
    const value = reader(found.text);
    if (value.ok) return value.value;
    throw new UsherError('WRONG_USAGE', `${found.source} ${wrongValue(value.error)}`);
  };
  return {
    data,
    port: read('port', VALUE_READERS.port) ?? DEFAULT_PORT,
    interfaces: read('interfaces', VALUE_READERS.interfaces) ?? null,
    name: read('name', VALUE_READERS.name) ?? hostname().slice(0, NAME_MAX),
    vendorKeys: read('vendor-keys', VALUE_READERS['vendor-keys']) ?? null,
    alarms: {
      webhook: read('alarm-webhook', VALUE_READERS['alarm-webhook']) ?? null,
      mailServer: read('alarm-smtp', VALUE_READERS['alarm-smtp']) ?? null,
      mailTo: read('alarm-mail', VALUE_READERS['alarm-mail']) ?? [],
      licenseDays: read('alarm-license-days', VALUE_READERS['alarm-license-days']) ?? 14,
      fullMinutes: read('alarm-full-minutes', VALUE_READERS['alarm-full-minutes']) ?? 10,
      masterHours: read('alarm-master-hours', VALUE_READERS['alarm-master-hours']) ?? 24,
      memberMinutes: read('alarm-member-minutes', VALUE_READERS['alarm-member-minutes']) ?? 10,
    },
    refuseHosts: read('refuse-hosts', VALUE_READERS['refuse-hosts']) ?? [],
    console: consoleOf(read('console', VALUE_READERS.console)),
    consoleCertificate: read('console-certificate', VALUE_READERS['console-certificate']) ?? null,
    site: {
      endpoints: read('site', VALUE_READERS.site) ?? [],
      name: read('site-name', VALUE_READERS['site-name']) ?? 'site',
      authority: read('site-ca', VALUE_READERS['site-ca']) ?? null,
      certificate: read('site-certificate', VALUE_READERS['site-certificate']) ?? null,
      login: read('site-login', VALUE_READERS['site-login']) ?? null,
    },
  };
};

/** What stands on a command line every user of the computer can read. Code: WRONG_USAGE. */
const refuseOpenPassword = ({ flags }: SettingSources): void => {
  const server = VALUE_READERS['alarm-smtp'](flags['alarm-smtp'] ?? '');
  const hasMail = server.ok && server.value.password !== '';
  const name = hasMail ? 'alarm-smtp' : 'site-login';
  if (!hasMail && flags['site-login'] === undefined) return;
  throw new UsherError(
    'WRONG_USAGE',
    `A password on the command line can be read by every user of this computer: set \`${name}\` in usher.conf, or ${settingVariable(name)}.`,
  );
};

const consoleOf = (at: ConsoleAt | 'off' | undefined): ConsoleAt | null =>
  at === 'off' ? null : (at ?? { address: null, port: DEFAULT_PORT });

/** Where each setting's value came from: a flag, a variable, a line of the file or `default`. */
export const settingOrigins = (sources: SettingSources): ((name: SettingName) => string) => {
  const { given, outside } = openSources(sources);
  return (name) => (name === 'data' ? outside(name) : given(name))?.source ?? 'default';
};

/** The data folder alone, whatever its settings file says. Code: WRONG_USAGE. */
export const dataFolder = (sources: SettingSources): string => {
  const folder = findOutside(sources, 'data')?.text ?? defaultDataFolder(sources.environment);
  if (folder !== '') return folder;
  throw new UsherError('WRONG_USAGE', `--data ${wrongValue({ wanted: 'a folder', text: folder })}`);
};

/** A setting as flags and environment have it. */
const findOutside = (sources: SettingSources, name: SettingName): Given | undefined => {
  const flag = sources.flags[name];
  if (flag !== undefined) return { text: flag, source: `--${name}` };
  const variable = sources.environment[settingVariable(name)];
  // An empty variable is how scripts unset one.
  return variable ? { text: variable, source: settingVariable(name) } : undefined;
};

const openSources = (sources: SettingSources) => {
  const outside = (name: SettingName): Given | undefined => findOutside(sources, name);
  const data = dataFolder(sources);
  const path = settingsFile(data);
  const file = readFile(path);
  const given = (name: FileSetting): Given | undefined => {
    const found = file.get(name);
    if (found === undefined) return outside(name);
    const text = settingText(path, name, found);
    return outside(name) ?? { text, source: `${path}, line ${found.line}` };
  };
  return { data, outside, given };
};

const readFile = (path: string): ReadonlyMap<FileSetting, SettingLine> => {
  const { given, faults } = parseSettingsText(readIfAllowed(path));
  const [first] = faults;
  if (first === undefined) return given;
  const more =
    faults.length === 1 ? '' : ` \`usher config check\` names ${faults.length - 1} more.`;
  throw new UsherError('WRONG_USAGE', `${path}, line ${first.line}, ${first.sentence}${more}`);
};

/** What another user's agent is set to is not for this one; the agent itself can read its file. */
const readIfAllowed = (path: string): string => {
  try {
    return readSettingsText(path) ?? '';
  } catch (error) {
    const { code } = (error as UsherError).cause as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return '';
    throw error;
  }
};

/** Where an agent keeps its data when nobody says. */
const defaultDataFolder = (environment: SettingSources['environment']): string => {
  if (platform() === 'win32') return join(environment['ProgramData'] ?? 'C:\\ProgramData', 'Usher');
  if (process.getuid?.() === 0) return MACHINE_DATA;
  return userStateFolder(environment);
};

/** Where a user's own Usher files are, whoever runs the agent. Code: WRONG_USAGE. */
export const userStateFolder = (environment: SettingSources['environment']): string => {
  const folder = stateFolder(environment);
  if (folder !== undefined) return folder;
  throw new UsherError('WRONG_USAGE', 'This user has no home folder: name one with --data.');
};
