import { SETTING_NAMES, SETTINGS, type SettingsView } from '../../settings-table.ts';
import { viewSettings } from '../../settings-view.ts';
import { print } from '../agent-command.ts';
import { renderTable } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const configShow: Command = {
  name: 'config show',
  summary: 'Show every setting, as an agent started now would have it, and where it is from',
  positionals: [],
  flags: JSON_FLAG,
  settings: SETTING_NAMES,
  run: async (invocation) => {
    print(invocation, viewSettings(invocation.settings(), invocation.sources), render);
    return EXIT.done;
  },
};

const render = ({ file, settings }: SettingsView): string => {
  const rows = settings.map(({ name, value, source }) => [
    name,
    value === null ? SETTINGS[name].fallback : [value].flat().join(', '),
    source,
  ]);
  return `${renderTable(['setting', 'value', 'from'], rows, '')}\nThe settings file is ${file}.\n`;
};
