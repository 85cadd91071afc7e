import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { askMaster, MASTER_FLAGS } from '../master-access.ts';

export const masterClock: Command = {
  name: 'master clock',
  summary: 'Tell a master that doubts its clock that the clock is right',
  positionals: [{ name: 'confirm', summary: 'says so' }],
  flags: MASTER_FLAGS,
  settings: [],
  run: async (invocation) => {
    if (invocation.args.positionals[0] !== 'confirm') {
      throw new UsherError('WRONG_USAGE', 'It is `usher master clock confirm`.');
    }
    const done = await askMaster(invocation, { kind: 'clock-confirm' }, 'done');
    print(invocation, done, ({ sentence }) => `${sentence}\n`);
    return EXIT.done;
  },
};
