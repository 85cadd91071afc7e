import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const childSuspend: Command = {
  name: 'child suspend',
  summary: 'Have a child lend nothing, from its next call until it is resumed',
  positionals: [{ name: 'ID', summary: "the child license's id or its start, or the client" }],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const [id = ''] = invocation.args.positionals;
    const { child } = await askRunningAgent(invocation, { kind: 'child-suspend', id });
    print(invocation, child, ({ account }) => `${account} lends nothing from its next call on.\n`);
    return EXIT.done;
  },
};
