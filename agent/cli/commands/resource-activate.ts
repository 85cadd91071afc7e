import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const resourceActivate: Command = {
  name: 'resource activate',
  summary: 'Choose the database or project that a license is for',
  positionals: [{ name: 'NAME', summary: 'a registered resource' }],
  flags: {
    ...JSON_FLAG,
    license: { kind: 'text', value: 'ID', summary: "the license's id, or its first characters" },
    customer: { kind: 'text', value: 'NAME', summary: 'whose the resource is' },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args } = invocation;
    const [name = ''] = args.positionals;
    const license = args.text('license');
    if (license === undefined) throw new UsherError('WRONG_USAGE', '--license ID is needed.');
    const customer = args.text('customer') ?? null;
    const operation = { kind: 'resource-activate', name, license, customer } as const;
    const { resource } = await askRunningAgent(invocation, operation);
    print(
      invocation,
      resource,
      (now) => `${now.name} has ${now.seats} seats now, of license ${now.licenses.join(', ')}.\n`,
    );
    return EXIT.done;
  },
};
