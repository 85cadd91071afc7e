import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const childRemove: Command = {
  name: 'child remove',
  summary:
    'Take a child license back for good; its seats come back when its agent has heard, or it has ended',
  positionals: [{ name: 'ID', summary: "the child license's id or its start, or the client" }],
  flags: { ...JSON_FLAG, yes: { kind: 'switch', summary: 'do it: it cannot be undone' } },
  settings: ['data'],
  run: async (invocation) => {
    const { args } = invocation;
    const [id = ''] = args.positionals;
    if (!args.has('yes')) {
      const { child } = await askRunningAgent(invocation, { kind: 'child-show', id });
      throw new UsherError(
        'WRONG_USAGE',
        `This takes the license of ${child.account} back for good: add --yes to do it. To hold it back for a while: \`usher child suspend ${child.id}\`.`,
      );
    }
    const { child } = await askRunningAgent(invocation, { kind: 'child-remove', id });
    print(invocation, child, ({ account, ends }) =>
      ends === null
        ? `Removed the child license of ${account}.\n`
        : `Removed the child license of ${account}. Its seats come back when it has called, or at ${renderTime(ends)}.\n`,
    );
    return EXIT.done;
  },
};
