import { bytesToBase64 } from '../../../protocol/bytes.ts';
import { type Settings, settingOrigins } from '../../settings.ts';
import { settingsFile } from '../../settings-file.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../../settings-table.ts';
import { print } from '../agent-command.ts';
import { renderTable } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

interface SettingView {
  readonly name: SettingName;
  /** `null` where nothing is set and the default is no value. */
  readonly value: string | number | readonly string[] | null;
  /** A flag, a variable, a line of the file, or `default`. */
  readonly source: string;
  /** A running agent takes a change only when it is started again. */
  readonly needsRestart: boolean;
}

interface SettingsView {
  readonly file: string;
  readonly settings: readonly SettingView[];
}

export const configShow: Command = {
  name: 'config show',
  summary: 'Show every setting, as an agent started now would have it, and where it is from',
  positionals: [],
  flags: JSON_FLAG,
  settings: SETTING_NAMES,
  run: async (invocation) => {
    const settings = invocation.settings();
    const origin = settingOrigins(invocation.sources);
    const view: SettingsView = {
      file: settingsFile(settings.data),
      settings: SETTING_NAMES.map((name) => ({
        name,
        value: settingValue(settings, name),
        source: origin(name),
        needsRestart: SETTINGS[name].needsRestart,
      })),
    };
    print(invocation, view, render);
    return EXIT.done;
  },
};

const settingValue = (settings: Settings, name: SettingName): SettingView['value'] => {
  switch (name) {
    case 'data':
    case 'port':
    case 'interfaces':
    case 'name':
    case 'console':
      return settings[name];
    case 'alarm-webhook':
      return settings.alarms.webhook?.href ?? null;
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
    case 'vendor-keys':
      return settings.vendorKeys?.map(bytesToBase64) ?? null;
    case 'refuse-hosts':
      return settings.refuseHosts.length === 0 ? null : settings.refuseHosts;
  }
};

const render = ({ file, settings }: SettingsView): string => {
  const rows = settings.map(({ name, value, source }) => [
    name,
    value === null ? SETTINGS[name].fallback : [value].flat().join(', '),
    source,
  ]);
  return `${renderTable(['setting', 'value', 'from'], rows, '')}\nThe settings file is ${file}.\n`;
};
