/** The settings file that packages ship: every setting with what it means, and none of them set. */

import { SETTINGS, type SettingName } from '../../agent/settings-table.ts';

/** `/etc/usher/usher.conf`. */
export const settingsFileText = (): string => {
  const names = (Object.keys(SETTINGS) as SettingName[]).filter((name) => name !== 'data');
  const rows = names.flatMap((name) => {
    const { value, summary, fallback } = SETTINGS[name];
    return ['', `# ${summary} [default: ${fallback}]`, `#${name} = ${value}`];
  });
  return `${['# Settings of the Usher agent. Flags and the environment go over this file.', ...rows].join('\n')}\n`;
};
