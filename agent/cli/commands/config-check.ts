import { resolve } from 'node:path';
import { faultsOfFiles } from '../../named-files.ts';
import { dataFolder } from '../../settings.ts';
import {
  parseSettingsText,
  readSettingsText,
  type SettingFault,
  settingsFile,
} from '../../settings-file.ts';
import { UsherError } from '../../usher-error.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const configCheck: Command = {
  name: 'config check',
  summary: 'Name everything that is wrong with a settings file, with its line',
  positionals: [
    { name: 'FILE', summary: "another file than the data folder's", times: 'optional' },
  ],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async ({ args, terminal, sources }) => {
    const [named] = args.positionals;
    const file = named === undefined ? settingsFile(dataFolder(sources)) : resolve(named);
    const text = readSettingsText(file);
    if (text === undefined && named !== undefined)
      throw new UsherError('FILE_UNREADABLE', `Cannot read ${file}: there is no such file.`);
    const { given, faults: wrong } = parseSettingsText(text ?? '');
    const faults = [...wrong, ...(await faultsOfFiles(file, given))].sort(byLine);
    if (args.has('json')) terminal.out(`${JSON.stringify({ file, faults }, null, 2)}\n`);
    else if (faults.length > 0) {
      for (const { line, sentence } of faults) terminal.err(`${file}, line ${line}, ${sentence}\n`);
      terminal.err('When they are mended: `usher config check`, then `usher config reload`.\n');
    } else terminal.out(`${inOrder(file, text, given.size)}\n`);
    return faults.length === 0 ? EXIT.done : EXIT.refused;
  },
};

const byLine = (one: SettingFault, other: SettingFault): number => one.line - other.line;

const inOrder = (file: string, text: string | undefined, count: number): string => {
  if (text === undefined) return `There is no ${file}: every default holds.`;
  const settings = count === 1 ? '1 setting' : `${count} settings`;
  return `${file} is in order: ${count === 0 ? 'nothing is set' : settings}.`;
};
