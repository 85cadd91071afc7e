import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readNames } from '../name-list.ts';
import { nameUsers, readNamed, USER_FLAGS, USERS } from '../user-command.ts';

export const userAssign: Command = {
  name: 'user assign',
  summary: 'Assign seats of a license for named users: to all that are named, or to none',
  positionals: [{ name: 'USER', summary: 'as the operating system names them', times: 'any' }],
  flags: { ...JSON_FLAG, ...USER_FLAGS },
  settings: ['data'],
  run: async (invocation) => {
    const users = await readNames(invocation, USERS);
    if (users.length === 0) throw new UsherError('WRONG_USAGE', 'Name a USER, or give --from.');
    const named = readNamed(invocation);
    const { kind, ...done } = await askRunningAgent(invocation, {
      kind: 'user-assign',
      ...named,
      users,
    });
    print(invocation, done, ({ assigned, already, product, ...now }) =>
      [
        ...(assigned.length === 0 ? [] : [`Assigned to ${product}: ${nameUsers(assigned)}.\n`]),
        ...(already.length === 0 ? [] : [`Assigned already: ${nameUsers(already)}.\n`]),
        `${now.users} of ${now.seats} seats of class ${now.class} are assigned.\n`,
      ].join(''),
    );
    return EXIT.done;
  },
};
