import { randomBytes } from 'node:crypto';
import { bytesToText } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { renderTable } from '../columns.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { askMaster, MASTER_FLAGS, masterPassword } from '../master-access.ts';
import { PAGE_FLAGS, readPage } from '../master-page.ts';

export const masterAccount: Command = {
  name: 'master account',
  summary: "Let the vendor's people and customers sign in at a master",
  positionals: [
    {
      name: 'set|list|remove|password',
      summary:
        'what to do; set makes an account, or another password; password changes that of --account, by --url',
    },
    { name: 'NAME', summary: 'of the account, such as an address of mail', times: 'optional' },
  ],
  flags: {
    ...MASTER_FLAGS,
    ...PAGE_FLAGS,
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
    if (action === 'password') return change(invocation);
    if (name === undefined) throw new UsherError('WRONG_USAGE', 'Name the account.');
    if (action === 'set') return set(invocation, name);
    if (action !== 'remove')
      throw new UsherError('WRONG_USAGE', 'It is set, list, remove or password.');
    const done = await askMaster(invocation, { kind: 'account-remove', name }, 'done');
    print(invocation, done, ({ sentence }) => `${sentence}\n`);
    return EXIT.done;
  },
};

const list = async (invocation: Invocation): Promise<ExitCode> => {
  const named = invocation.args.text('customer');
  const customer = named === undefined ? null : await idOf(invocation, named);
  const question = { kind: 'account-list', customer, ...readPage(invocation.args) };
  const { accounts } = await askMaster(invocation, question, 'accounts');
  print(invocation, accounts, (all) =>
    renderTable(
      ['account', 'role', 'customer'],
      all.map(({ name, role, customer }) => [name, role, customer ?? '–']),
      'No accounts.',
    ),
  );
  return EXIT.done;
};

const idOf = async (invocation: Invocation, text: string): Promise<string> => {
  const { customers } = await askMaster(invocation, { kind: 'customer-list', text }, 'customers');
  const [one, ...more] = customers;
  if (one !== undefined && more.length === 0) return one.id;
  throw new UsherError('REFUSED', `There is not one customer ${text}: name one by its id.`);
};

/** The old password stands where every command reads it. */
const change = async (invocation: Invocation): Promise<ExitCode> => {
  const { terminal } = invocation;
  const old = masterPassword(invocation) ?? '';
  const password = bytesToText(await terminal.readInput()).replace(/\r?\n$/, '');
  const question = { kind: 'own-password', old, password };
  const done = await askMaster(invocation, question, 'done');
  print(invocation, done, ({ sentence }) => `${sentence}\n`);
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
