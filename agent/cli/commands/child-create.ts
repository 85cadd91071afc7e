import { expectNewFile } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent } from '../agent-command.ts';
import { armoredTo } from '../child-file.ts';
import { CHILD_TERM_FLAGS, readChildTerms } from '../child-order.ts';
import { renderChild } from '../child-text.ts';
import { type Command, JSON_FLAG, OUT_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const childCreate: Command = {
  name: 'child create',
  summary: "Let a client's own server lend some of a license's seats: prints its license block",
  positionals: [
    { name: 'CLIENT', summary: "the client's name; its account is called so" },
    { name: 'LICENSE', summary: 'whose seats they are [default: the only one]', times: 'optional' },
  ],
  flags: {
    ...JSON_FLAG,
    ...CHILD_TERM_FLAGS,
    'no-calls': {
      kind: 'switch',
      summary: 'it never calls: it lives by its dates, and needs --days or --expires',
    },
    'host-code': {
      kind: 'text',
      value: 'TEXT',
      summary: 'activated beforehand: what `usher hardware --host-code` prints there',
    },
    ...OUT_FLAG,
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const [account = ''] = args.positionals;
    const license = args.positionals[1] ?? (await onlyParent(invocation));
    const wish = {
      ...readChildTerms(args),
      silent: args.has('no-calls'),
      hostCode: args.text('host-code') ?? null,
    };
    if (wish.pools.length === 0) {
      throw new UsherError(
        'WRONG_USAGE',
        'Give it seats: --developer, --execution, --generic or --class.',
      );
    }
    await expectNewFile(args.text('out'));
    const operation = { kind: 'child-create', license, account, wish } as const;
    const { child, text } = await askRunningAgent(invocation, operation);
    if (args.has('json')) terminal.out(`${JSON.stringify({ child, text }, null, 2)}\n`);
    else {
      terminal.err(`${renderChild(child)}\n`);
      await armoredTo(invocation, text);
      terminal.err('Add it with `usher license add FILE` (on the computer of the client).\n');
    }
    return EXIT.done;
  },
};

/** The only license here that allows child licenses. Code: WRONG_USAGE. */
const onlyParent = async (invocation: Parameters<Command['run']>[0]): Promise<string> => {
  const { licenses } = await askRunningAgent(invocation, { kind: 'license-list' });
  const [only, other] = licenses.filter(({ children }) => children !== null);
  if (only !== undefined && other === undefined) return only.id;
  throw new UsherError(
    'WRONG_USAGE',
    only === undefined
      ? 'No license here allows its agent to create child licenses.'
      : 'Name the LICENSE: several here allow child licenses.',
  );
};
