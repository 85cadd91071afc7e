import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderPlan } from '../site-text.ts';

export const sitePlan: Command = {
  name: 'site plan',
  summary: 'Tell what would happen if this box died now',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { plan } = await askRunningAgent(invocation, { kind: 'site-plan' });
    print(invocation, plan, renderPlan);
    return EXIT.done;
  },
};
