import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderRules } from '../rules-command.ts';

export const rulesShow: Command = {
  name: 'rules show',
  summary: 'Show the rules of lending that are in force, and what is wrong with their file',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { rules } = await askRunningAgent(invocation, { kind: 'rules-show' });
    print(invocation, rules, renderRules);
    return EXIT.done;
  },
};
