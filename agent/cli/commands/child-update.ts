import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { CHILD_TERM_FLAGS, readChildTerms } from '../child-order.ts';
import { renderChild } from '../child-text.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const childUpdate: Command = {
  name: 'child update',
  summary: 'Give a child more seats or fewer, or other terms: it takes them when it calls',
  positionals: [{ name: 'ID', summary: "the child license's id or its start, or the client" }],
  flags: { ...JSON_FLAG, ...CHILD_TERM_FLAGS },
  settings: ['data'],
  run: async (invocation) => {
    const { args } = invocation;
    const [id = ''] = args.positionals;
    const change = readChildTerms(args);
    const isNone = Object.values(change).every((one) => one === null || one.length === 0);
    if (isNone) throw new UsherError('WRONG_USAGE', 'Say what is to be different.');
    const operation = { kind: 'child-update', id, change } as const;
    const { child } = await askRunningAgent(invocation, operation);
    print(invocation, child, renderChild);
    return EXIT.done;
  },
};
