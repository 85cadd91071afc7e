import type { UserView } from '../../core/operations.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Column, renderFitting, renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const userList: Command = {
  name: 'user list',
  summary: 'List who is assigned a seat by name, since when, and where it is in use',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    product: { kind: 'text', value: 'NAME', summary: 'of this product [default: of every one]' },
  },
  settings: ['data'],
  run: async (invocation) => {
    const product = invocation.args.text('product') ?? null;
    const { users } = await askRunningAgent(invocation, { kind: 'user-list', product });
    const empty = 'Nobody is assigned a seat. Assign one with `usher user assign USER`.';
    const { columns } = invocation.terminal;
    print(invocation, users, () => renderFitting(COLUMNS, users, columns, empty));
    return EXIT.done;
  },
};

const COLUMNS: readonly Column<UserView>[] = [
  { heading: 'user', cell: ({ user }) => user },
  { heading: 'product', cell: ({ product }) => product, dispensable: 3 },
  { heading: 'class', cell: (user) => user.class, dispensable: 1 },
  { heading: 'assigned', cell: ({ since }) => renderTime(since), dispensable: 2 },
  { heading: 'in use on', cell: ({ hosts }) => hosts.join(', ') || '-' },
  { heading: '', cell: ({ effective }) => (effective ? '' : 'waits: there are fewer seats now') },
];
