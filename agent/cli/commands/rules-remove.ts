import { UsherError } from '../../usher-error.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { editRules } from '../rules-command.ts';

export const rulesRemove: Command = {
  name: 'rules remove',
  summary: 'Take out one rule of lending; `usher rules show` has the numbers',
  positionals: [{ name: 'NUMBER', summary: 'the number of its line' }],
  flags: JSON_FLAG,
  settings: ['data'],
  run: (invocation) => {
    const [number = ''] = invocation.args.positionals;
    if (!/^[1-9]\d{0,8}$/.test(number)) {
      throw new UsherError('WRONG_USAGE', `NUMBER is the number of a line, not "${number}".`);
    }
    const change = { kind: 'remove', line: Number(number) } as const;
    return editRules(invocation, change, `Line ${number} is taken out.`);
  },
};
