import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderRules } from '../rules-command.ts';

export const rulesReload: Command = {
  name: 'rules reload',
  summary:
    'Take up the file of rules again; no seat in use is lost, and a faulty file changes nothing',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { rules } = await askRunningAgent(invocation, { kind: 'rules-reload' });
    print(invocation, rules, renderRules);
    return EXIT.done;
  },
};
