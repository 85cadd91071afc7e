import { askRunningAgent, print } from '../agent-command.ts';
import { CHILD_COLUMNS } from '../child-text.ts';
import { renderFitting } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const childList: Command = {
  name: 'child list',
  summary: 'List the child licenses that this agent has given',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { children } = await askRunningAgent(invocation, { kind: 'child-list' });
    const empty = 'No child licenses. Create one with `usher child create CLIENT`.';
    print(invocation, children, (all) =>
      renderFitting(CHILD_COLUMNS, all, invocation.terminal.columns, empty),
    );
    return EXIT.done;
  },
};
