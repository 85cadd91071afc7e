import { askRunningAgent, print } from '../agent-command.ts';
import { armoredTo } from '../child-file.ts';
import { renderChild } from '../child-text.ts';
import { type Command, JSON_FLAG, OUT_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const childShow: Command = {
  name: 'child show',
  summary: 'Show a child license or, with --block, write it out anew for a client to add',
  positionals: [{ name: 'ID', summary: "the child license's id or its start, or the client" }],
  flags: {
    ...JSON_FLAG,
    block: { kind: 'switch', summary: 'print its newest block instead' },
    ...OUT_FLAG,
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const [id = ''] = args.positionals;
    if (!args.has('block')) {
      const { child } = await askRunningAgent(invocation, { kind: 'child-show', id });
      print(invocation, child, renderChild);
      return EXIT.done;
    }
    const { child, text } = await askRunningAgent(invocation, { kind: 'child-block', id });
    if (args.has('json')) terminal.out(`${JSON.stringify({ child, text }, null, 2)}\n`);
    else await armoredTo(invocation, text);
    return EXIT.done;
  },
};
