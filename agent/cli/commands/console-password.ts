import { randomBytes } from 'node:crypto';
import { askConsole } from '../../admin/control-client.ts';
import { ROLES, type Role } from '../../admin/web/access.ts';
import { DataFolder } from '../../edges/data-folder.ts';
import { bytesToText } from '../../edges/files.ts';
import { dataFolder } from '../../settings.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { type Arguments, type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const ROLE_WORDS = ROLES.join(', ');

export const consolePassword: Command = {
  name: 'console password',
  summary: 'Make a password for the console, for signing in over the network',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    role: {
      kind: 'text',
      value: 'ROLE',
      summary: `whose: ${ROLE_WORDS} [default: administrator]`,
    },
    stdin: { kind: 'switch', summary: 'take the one on standard input instead of making one' },
    remove: { kind: 'switch', summary: 'take the password away' },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, sources } = invocation;
    const role = readRole(args);
    const path = new DataFolder(dataFolder(sources)).controlPath;
    const given = await readPassword(invocation);
    const made = given === undefined ? makePassword() : null;
    const password = given === undefined ? made : given;
    const { url, isLocal } = await askConsole(path, { kind: 'password', role, password });
    print(invocation, { role, password: made, url }, () =>
      [
        made === null ? '' : `${made}\n`,
        `The ${role} of ${url} ${password === null ? 'has no password now' : 'signs in with it'}.\n`,
        isLocal && password !== null
          ? 'The console is on this computer only: set `console` to an address to open it to the network.\n'
          : '',
      ].join(''),
    );
    return EXIT.done;
  },
};

const readRole = (args: Arguments): Role => {
  const word = args.text('role') ?? 'administrator';
  const role = ROLES.find((one) => one === word);
  if (role !== undefined) return role;
  throw new UsherError('WRONG_USAGE', `--role is one of ${ROLE_WORDS}, not "${word}".`);
};

/** `undefined` when one is to be made, `null` when it is to go. */
const readPassword = async ({ args, terminal }: Invocation): Promise<string | null | undefined> => {
  if (args.has('remove')) return null;
  if (!args.has('stdin')) return undefined;
  return bytesToText(await terminal.readInput()).replace(/\r?\n$/, '');
};

/** 120 bits, in groups that can be read out. */
const makePassword = (): string => (randomBytes(15).toString('hex').match(/.{6}/g) ?? []).join('-');
