import { askRunningAgent, print } from '../agent-command.ts';
import { renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const clockReset: Command = {
  name: 'clock reset',
  summary: 'Judge licenses by the clock again after it was wrong in the future; a few times only',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { clock } = await askRunningAgent(invocation, { kind: 'clock-reset' });
    print(invocation, clock, ({ judged }) => `Licenses are judged by ${renderTime(judged)} now.\n`);
    return EXIT.done;
  },
};
