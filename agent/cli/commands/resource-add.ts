import { NAME_MAX } from '../../../protocol/limits.ts';
import { OPERATION_LIMITS } from '../../core/operations.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readNames } from '../name-list.ts';

const RESOURCES = { noun: 'resource', longest: NAME_MAX, most: OPERATION_LIMITS.resources };

export const resourceAdd: Command = {
  name: 'resource add',
  summary: 'Register databases or projects that licenses can be activated for',
  positionals: [{ name: 'NAME', summary: 'as applications name it', times: 'any' }],
  flags: {
    ...JSON_FLAG,
    customer: { kind: 'text', value: 'NAME', summary: 'whose they are' },
    from: {
      kind: 'text',
      value: 'FILE',
      summary:
        'the names in a file, one a line or in the first column of a CSV; - for standard input',
    },
  },
  settings: ['data'],
  run: async (invocation) => {
    const names = await readNames(invocation, RESOURCES);
    if (names.length === 0) throw new UsherError('WRONG_USAGE', 'Give a NAME, or --from.');
    const customer = invocation.args.text('customer') ?? null;
    const operation = { kind: 'resource-add', names, customer } as const;
    const { resources } = await askRunningAgent(invocation, operation);
    print(invocation, resources, () =>
      resources.length === 1
        ? `Registered ${names.join()}. Activate a license with \`usher resource activate NAME --license ID\`.\n`
        : `Registered ${resources.length} resources.\n`,
    );
    return EXIT.done;
  },
};
