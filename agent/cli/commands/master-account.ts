import { randomBytes } from 'node:crypto';
import { bytesToText } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { renderTable } from '../columns.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { askMaster, MASTER_FLAGS } from '../master-access.ts';

export const masterAccount: Command = {
  name: 'master account',
  summary: "Let the vendor's people and customers sign in at a master",
  positionals: [
    { name: 'set|list|remove', summary: 'what to do; set makes an account, or another password' },
    { name: 'NAME', summary: 'of the account, such as an address of mail', times: 'optional' },
  ],
  flags: {
    ...MASTER_FLAGS,
    customer: {
      kind: 'text',
      value: 'NAME',
      summary: "whose licenses it sees, by name or id [default: the vendor's staff, sees all]",
    },
    stdin: {
      kind: 'switch',
      summary: 'take the password on standard input instead of making one',
    },
  },
  settings: [],
  run: async (invocation) => {
    const [action, name] = invocation.args.positionals;
    if (action === 'list') return list(invocation);
    if (name === undefined) throw new UsherError('WRONG_USAGE', 'Name the account.');
    if (action === 'set') return set(invocation, name);
    if (action !== 'remove') throw new UsherError('WRONG_USAGE', 'It is set, list or remove.');
    const done = await askMaster(invocation, { kind: 'account-remove', name }, 'done');
    print(invocation, done, ({ sentence }) => `${sentence}\n`);
    return EXIT.done;
  },
};

const list = async (invocation: Invocation): Promise<ExitCode> => {
  const { accounts } = await askMaster(invocation, { kind: 'account-list' }, 'accounts');
  print(invocation, accounts, (all) =>
    renderTable(
      ['account', 'role', 'customer'],
      all.map(({ name, role, customer }) => [name, role, customer ?? '–']),
      'No accounts.',
    ),
  );
  return EXIT.done;
};

const set = async (invocation: Invocation, name: string): Promise<ExitCode> => {
  const { args, terminal } = invocation;
  const customer = args.text('customer') ?? null;
  const given = args.has('stdin')
    ? bytesToText(await terminal.readInput()).replace(/\r?\n$/, '')
    : undefined;
  const password = given ?? makePassword();
  const role = customer === null ? 'staff' : 'customer';
  const question = { kind: 'account-set', name, role, customer, password };
  const { sentence } = await askMaster(invocation, question, 'done');
  const made = given === undefined ? password : null;
  print(invocation, { name, role, password: made }, () =>
    made === null ? `${sentence}\n` : `${made}\n${sentence}\n`,
  );
  return EXIT.done;
};

/** 120 bits, in groups that can be read out. */
const makePassword = (): string => (randomBytes(15).toString('hex').match(/.{6}/g) ?? []).join('-');
