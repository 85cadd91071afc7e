import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const childResume: Command = {
  name: 'child resume',
  summary: 'Have a child that is suspended lend again, from its next call',
  positionals: [{ name: 'ID', summary: "the child license's id or its start, or the client" }],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const [id = ''] = invocation.args.positionals;
    const { child } = await askRunningAgent(invocation, { kind: 'child-resume', id });
    print(invocation, child, ({ account }) => `${account} lends again from its next call on.\n`);
    return EXIT.done;
  },
};
