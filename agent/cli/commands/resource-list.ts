import { askRunningAgent, print } from '../agent-command.ts';
import { renderFitting } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { RESOURCE_COLUMNS } from '../resource-text.ts';

export const resourceList: Command = {
  name: 'resource list',
  summary: 'List the databases and projects, with their licenses and seats in use',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { resources } = await askRunningAgent(invocation, { kind: 'resource-list' });
    const empty = 'No resource is registered. Register one with `usher resource add NAME`.';
    const { columns } = invocation.terminal;
    print(invocation, resources, () => renderFitting(RESOURCE_COLUMNS, resources, columns, empty));
    return EXIT.done;
  },
};
