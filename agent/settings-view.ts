/** The settings as people see them: each with its value and where that is from. */

import { bytesToBase64 } from '../protocol/bytes.ts';
import { type SettingSources, type Settings, settingOrigins } from './settings.ts';
import { settingsFile } from './settings-file.ts';
import {
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingsView,
  type SettingView,
} from './settings-table.ts';
import type { ConsoleAt } from './settings-values.ts';

export const viewSettings = (settings: Settings, sources: SettingSources): SettingsView => {
  const origin = settingOrigins(sources);
  return {
    file: settingsFile(settings.data),
    settings: SETTING_NAMES.map((name) => ({
      name,
      value: settingValue(settings, name),
      source: origin(name),
      needsRestart: SETTINGS[name].needsRestart,
    })),
  };
};

const settingValue = (settings: Settings, name: SettingName): SettingView['value'] => {
  switch (name) {
    case 'data':
    case 'port':
    case 'interfaces':
    case 'name':
      return settings[name];
    case 'vendor-keys':
      return settings.vendorKeys?.map(bytesToBase64) ?? null;
    case 'alarm-webhook':
      // Its path may be a secret, as with many chat services: it stays where it is.
      return settings.alarms.webhook?.origin ?? null;
    case 'alarm-smtp': {
      const { mailServer } = settings.alarms;
      // Its password stays where it is.
      return mailServer === null ? null : `${mailServer.host}:${mailServer.port}`;
    }
    case 'alarm-mail':
      return settings.alarms.mailTo.length === 0 ? null : settings.alarms.mailTo;
    case 'alarm-license-days':
      return settings.alarms.licenseDays;
    case 'alarm-full-minutes':
      return settings.alarms.fullMinutes;
    case 'alarm-master-hours':
      return settings.alarms.masterHours;
    case 'alarm-member-minutes':
      return settings.alarms.memberMinutes;
    case 'refuse-hosts':
      return settings.refuseHosts.length === 0 ? null : settings.refuseHosts;
    case 'site':
      return settings.site.endpoints.length === 0
        ? null
        : settings.site.endpoints.map(({ origin }) => origin);
    case 'site-name':
      return settings.site.name;
    case 'site-ca':
      return settings.site.authority;
    case 'site-certificate':
      return settings.site.certificate;
    case 'site-login':
      // Its password stays where it is.
      return settings.site.login?.user ?? null;
    case 'console':
      return settings.console === null ? 'off' : consoleText(settings.console);
    case 'console-certificate':
      return settings.consoleCertificate;
  }
};

const consoleText = ({ address, port }: ConsoleAt): string => {
  if (address === null) return String(port);
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
};
