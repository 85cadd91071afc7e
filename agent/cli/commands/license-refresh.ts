import { isDone, renderActivation } from '../activation-text.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { withPatience } from '../progress.ts';

export const licenseRefresh: Command = {
  name: 'license refresh',
  summary: "Fetch new and changed licenses from the vendors' masters; the agent does it daily",
  positionals: [
    { name: 'LICENSE', summary: 'its id, or the first characters; by default all', times: 'any' },
  ],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const asking = askRunningAgent(invocation, { kind: 'license-refresh', ids: args.positionals });
    const { kind: _kind, ...outcome } = await withPatience(terminal, 'Asking the master', asking);
    print(invocation, outcome, renderActivation);
    return isDone(outcome) ? EXIT.done : EXIT.refused;
  },
};
