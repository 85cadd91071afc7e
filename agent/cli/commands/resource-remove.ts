import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const resourceRemove: Command = {
  name: 'resource remove',
  summary: 'Remove a database or project; its licenses can be activated for others then',
  positionals: [{ name: 'NAME', summary: 'a registered resource' }],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const [name = ''] = invocation.args.positionals;
    const { resource } = await askRunningAgent(invocation, { kind: 'resource-remove', name });
    print(invocation, resource, ({ licenses, lent, ...was }) =>
      [
        `Removed ${was.name}.\n`,
        ...(licenses.length === 0 ? [] : [`Free for another one: ${licenses.join(', ')}.\n`]),
        ...(lent === 0 ? [] : [`${lent} of its seats in use go on until they are given back.\n`]),
      ].join(''),
    );
    return EXIT.done;
  },
};
