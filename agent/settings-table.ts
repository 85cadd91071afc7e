/** The settings: one table drives flags, environment, file, help and the handbook (README.md). */

import { DEFAULT_PORT } from '../protocol/limits.ts';

/** `needsRestart`: a running agent cannot change it. */
export const SETTINGS = {
  data: {
    value: 'FOLDER',
    summary: "the agent's data folder",
    fallback: "/var/lib/usher for root, %ProgramData%\\Usher on Windows, else the user's own",
    needsRestart: true,
  },
  port: {
    value: 'PORT',
    summary: 'the UDP port',
    fallback: String(DEFAULT_PORT),
    needsRestart: true,
  },
  interfaces: {
    value: 'NAME,…',
    summary: 'network interfaces to use',
    fallback: 'all',
    needsRestart: true,
  },
  name: {
    value: 'NAME',
    summary: "the agent's name in discovery",
    fallback: "this computer's name",
    needsRestart: false,
  },
  console: {
    value: 'ADDRESS:PORT',
    summary:
      'where console and metrics are: a TCP port of this computer alone, an address with it, or off',
    fallback: String(DEFAULT_PORT),
    needsRestart: true,
  },
  'console-certificate': {
    value: 'FILE',
    summary: 'certificate and key in PEM for the console on the network',
    fallback: 'one of its own making',
    needsRestart: true,
  },
  'vendor-keys': {
    value: 'KEY,…',
    summary: 'take licenses of these vendors only',
    fallback: 'any vendor',
    needsRestart: false,
  },
  'refuse-hosts': {
    value: 'KIND,…',
    summary: 'refuse such hosts, whatever a license allows: virtual, container, unknown',
    fallback: 'as each license says',
    needsRestart: false,
  },
  site: {
    value: 'URL,…',
    summary: 'be a member of a site, whose register is etcd at these addresses',
    fallback: 'a site by itself',
    needsRestart: true,
  },
  'site-name': {
    value: 'NAME',
    summary: 'the name of the site, where several share one etcd',
    fallback: 'site',
    needsRestart: true,
  },
  'site-ca': {
    value: 'FILE',
    summary: "who signs etcd's certificates, in PEM",
    fallback: 'those that this computer trusts',
    needsRestart: true,
  },
  'site-certificate': {
    value: 'FILE',
    summary: 'certificate and key in PEM by which etcd knows this member',
    fallback: 'none',
    needsRestart: true,
  },
  'site-login': {
    value: 'USER:PASSWORD',
    summary: 'by which etcd knows this member; never on the command line',
    fallback: 'none',
    needsRestart: true,
  },
  'alarm-webhook': {
    value: 'URL',
    summary: 'tell alarms to this address, by POST of JSON',
    fallback: 'nobody',
    needsRestart: true,
  },
  'alarm-smtp': {
    value: 'URL',
    summary: 'the mail server for alarms: smtp[s]://USER:PASSWORD@HOST:PORT, no password in flags',
    fallback: 'none',
    needsRestart: true,
  },
  'alarm-mail': {
    value: 'ADDRESS,…',
    summary: 'mail alarms to these',
    fallback: 'nobody',
    needsRestart: true,
  },
  'alarm-license-days': {
    value: 'DAYS',
    summary: 'tell of a license so long before its end',
    fallback: '14',
    needsRestart: true,
  },
  'alarm-full-minutes': {
    value: 'MINUTES',
    summary: 'tell that every seat is taken after so long',
    fallback: '10',
    needsRestart: true,
  },
  'alarm-master-hours': {
    value: 'HOURS',
    summary: 'tell that a master has not answered for so long',
    fallback: '24',
    needsRestart: true,
  },
  'alarm-member-minutes': {
    value: 'MINUTES',
    summary: 'tell that a member of the site has been dead for so long',
    fallback: '10',
    needsRestart: true,
  },
} as const;

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** The settings that a file may hold: where the file lies is not one of them. */
export type FileSetting = Exclude<SettingName, 'data'>;

export const FILE_SETTINGS: readonly FileSetting[] = SETTING_NAMES.filter(
  (name) => name !== 'data',
);

/** Settings that name a file. */
export const NAMED_FILES = ['console-certificate', 'site-ca', 'site-certificate'] as const;

export type NamedFile = (typeof NAMED_FILES)[number];

/** The environment variable of a setting: `USHER_DATA`, `USHER_VENDOR_KEYS`, … */
export const settingVariable = (name: SettingName): string =>
  `USHER_${name.replaceAll('-', '_').toUpperCase()}`;

/** A setting as people see it. */
export interface SettingView {
  readonly name: SettingName;
  /** `null` where nothing is set and the default is no value. */
  readonly value: string | number | readonly string[] | null;
  /** A flag, a variable, a line of the file, or `default`. */
  readonly source: string;
  /** A running agent takes a change only when it is started again. */
  readonly needsRestart: boolean;
}

export interface SettingsView {
  readonly file: string;
  readonly settings: readonly SettingView[];
}
