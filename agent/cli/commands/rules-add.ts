import { UsherError } from '../../usher-error.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { editRules } from '../rules-command.ts';

export const rulesAdd: Command = {
  name: 'rules add',
  summary: 'Add one rule of lending and put it in force; `usher rules help` shows the forms',
  positionals: [{ name: 'RULE', summary: 'the whole rule as one word, in quotation marks' }],
  flags: {
    ...JSON_FLAG,
    before: {
      kind: 'text',
      value: 'NUMBER',
      summary: 'before the line of this number, where the first that fits decides [default: last]',
    },
  },
  settings: ['data'],
  run: (invocation) => {
    const { args } = invocation;
    const [line = ''] = args.positionals;
    const before = args.text('before');
    if (before !== undefined && !/^[1-9]\d{0,8}$/.test(before)) {
      throw new UsherError('WRONG_USAGE', `--before is the number of a line, not "${before}".`);
    }
    const place = before === undefined ? {} : { before: Number(before) };
    return editRules(invocation, { kind: 'add', line, ...place }, `In force: ${line.trim()}`);
  },
};
