/** Changes lines of a settings file, and leaves all else in it as it stands. */

import type { FileSetting } from './settings-table.ts';

/** `null` takes the setting out. */
export type SettingChanges = ReadonlyMap<FileSetting, string | null>;

/** The text of the file after these changes. */
export const changeSettings = (text: string, changes: SettingChanges): string => {
  const left = new Map(changes);
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const name = /^\s*([a-z-]+)\s*=/.exec(line)?.[1] as FileSetting | undefined;
    const value = name === undefined ? undefined : changes.get(name);
    if (name === undefined || value === undefined) return [line];
    left.delete(name);
    return value === null ? [] : [`${name} = ${value}`];
  });
  const more = [...left].flatMap(([name, value]) => (value === null ? [] : `${name} = ${value}`));
  if (more.length === 0) return lines.join('\n');
  while (lines.at(-1) === '') lines.pop();
  return [...lines, ...more, ''].join('\n');
};
