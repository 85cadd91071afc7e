import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderLicenses } from '../license-text.ts';

export const licenseList: Command = {
  name: 'license list',
  summary: 'List the licenses and their states',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { licenses } = await askRunningAgent(invocation, { kind: 'license-list' });
    const { columns } = invocation.terminal;
    print(invocation, licenses, (all) => renderLicenses(all, columns));
    return EXIT.done;
  },
};
