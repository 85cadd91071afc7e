import type { SeatView } from '../../core/operations.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { renderTime } from '../columns.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { stillHeld } from '../letting-go.ts';
import { readNames } from '../name-list.ts';
import { nameUsers, readNamed, USER_FLAGS, USERS } from '../user-command.ts';

export const userRecall: Command = {
  name: 'user recall',
  summary: 'Take assigned seats back from users, and those that they have in use',
  positionals: [{ name: 'USER', summary: 'who was assigned a seat', times: 'any' }],
  flags: {
    ...JSON_FLAG,
    ...USER_FLAGS,
    all: { kind: 'switch', summary: 'from everybody who was assigned one' },
    force: {
      kind: 'switch',
      summary: 'lend them again at once although a client does not answer: only if it does not run',
    },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args } = invocation;
    const users = await readUsers(invocation);
    const named = readNamed(invocation);
    const force = args.has('force');
    const { kind, freed, ...done } = await askRunningAgent(invocation, {
      kind: 'user-recall',
      ...named,
      users,
      force,
    });
    const held = freed ? [] : await stillHeld(invocation, done.ended);
    print(invocation, { ...done, held }, ({ recalled, unknown, product }) =>
      [
        ...(recalled.length === 0 ? [] : [`Recalled from ${product}: ${nameUsers(recalled)}.\n`]),
        ...(unknown.length === 0 ? [] : [`Not assigned: ${nameUsers(unknown)}.\n`]),
        ...held.map((seat) => `${describeHeld(seat)}\n`),
      ].join(''),
    );
    return done.recalled.length > 0 ? EXIT.done : EXIT.refused;
  },
};

const readUsers = async (invocation: Invocation): Promise<readonly string[] | null> => {
  const users = await readNames(invocation, USERS);
  const isAll = invocation.args.has('all');
  if (isAll === (users.length === 0)) return isAll ? null : users;
  throw new UsherError('WRONG_USAGE', 'Name a USER, or give --from, or --all.');
};

const describeHeld = ({ id, user, host, until, borrowed }: SeatView): string => {
  if (borrowed !== null) {
    return `${user}@${host} has borrowed seat ${id}: it is not extended, and is free at ${renderTime(until)}.`;
  }
  return (
    `${user}@${host} does not answer. Seat ${id} is free when that computer hears of it, at ` +
    `${renderTime(until)} at the latest. If the application certainly does not run there, free it ` +
    `now with \`usher seat disconnect --force ${id}\`.`
  );
};
