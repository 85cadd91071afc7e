import { expectNewFile, writeNewFile } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import type { MasterOutcome } from '../../vendor/master/master-operations.ts';
import { print } from '../agent-command.ts';
import { type Arguments, type Command, type Invocation, OUT_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readLicenseText } from '../license-file.ts';
import { askMaster, MASTER_FLAGS } from '../master-access.ts';
import { PAGE_FLAGS, readPage } from '../master-page.ts';
import { renderIssued, renderSummaries } from '../master-text.ts';
import { ORDER_FLAGS, readOrder } from '../order-flags.ts';

const FLAGS = {
  ...MASTER_FLAGS,
  ...ORDER_FLAGS,
  policy: {
    kind: 'text',
    value: 'first|agents|ask',
    summary:
      'who gets it activated: one computer, as many as the license says, or a person decides [default: agents]',
  },
  expands: {
    kind: 'text',
    value: 'ID',
    summary: 'goes to the agents of this license, and adds to it',
  },
  ...PAGE_FLAGS,
  number: { kind: 'text', value: 'ID', summary: 'list: those whose id begins so' },
  state: {
    kind: 'text',
    value: 'STATE',
    summary: 'list: active, suspended, revoked, superseded, expired, or current: not superseded',
  },
  reason: {
    kind: 'text',
    value: 'TEXT',
    summary: 'suspend, revoke: why, for the customer to read',
  },
  project: { kind: 'text', value: 'TEXT', summary: "project: the customer's word for its use" },
  ...OUT_FLAG,
} as const satisfies Command['flags'];

export const masterLicense: Command = {
  name: 'master license',
  summary: 'Issue licenses at a master, find them, and change what they are worth',
  positionals: [
    {
      name: 'ACTION',
      summary:
        'issue, check, add, list, show, export, extend, seats, suspend, resume, revoke, policy, project; check says what issue would',
    },
    {
      name: 'LICENSE',
      summary: 'the id of one; for add a file with licenses, for list a text to look for',
      times: 'optional',
    },
  ],
  flags: FLAGS,
  settings: [],
  run: async (invocation) => {
    const [action = '', license] = invocation.args.positionals;
    const make = ACTIONS.get(action);
    if (make === undefined) throw wrong(`It is one of ${[...ACTIONS.keys()].join(', ')}.`);
    const { expected, question } = await make(invocation, license);
    await expectNewFile(invocation.args.text('out'));
    const outcome = await askMaster(invocation, question, expected);
    await show(invocation, outcome);
    return EXIT.done;
  },
};

interface Ask {
  readonly question: { readonly kind: string; readonly [field: string]: unknown };
  readonly expected: 'license' | 'checked' | 'licenses' | 'text' | 'done';
}

type Maker = (invocation: Invocation, license: string | undefined) => Ask | Promise<Ask>;

const wrong = (why: string): UsherError => new UsherError('WRONG_USAGE', why);

const search = (args: Arguments) => ({
  customer: args.text('customer') ?? null,
  product: args.text('product') ?? null,
  number: args.text('number') ?? null,
  state: args.text('state') ?? null,
});

const needed = (license: string | undefined): string => {
  if (license !== undefined) return license.toLowerCase();
  throw wrong('Name the license by its id, as `list` shows it.');
};

/** A question about one license, with what `more` reads for it. */
const about =
  (
    kind: string,
    expected: Ask['expected'],
    more: (args: Arguments) => Readonly<Record<string, unknown>> = () => ({}),
  ): Maker =>
  ({ args }, license) => ({
    question: { kind, license: needed(license), ...more(args) },
    expected,
  });

const orderOf = (kind: 'license-issue' | 'license-check', args: Arguments): Ask['question'] => {
  const { customer, ...order } = readOrder(args);
  if (customer === undefined) throw wrong('--customer is needed.');
  const supersedes = args.list('supersedes');
  const [policy, expands] = [args.text('policy') ?? null, args.text('expands') ?? null];
  return { kind, customer, policy, expands, order: { ...order, supersedes } };
};

const standing = (state: 'active' | 'suspended' | 'revoked'): Maker =>
  about('license-standing', 'done', (args) => ({ state, reason: args.text('reason') ?? '' }));

const textOf = (args: Arguments, flag: string): string => {
  const text = args.text(flag);
  if (text !== undefined) return text;
  throw wrong(`--${flag} is needed.`);
};

const ACTIONS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['issue', ({ args }) => ({ question: orderOf('license-issue', args), expected: 'license' })],
  ['check', ({ args }) => ({ question: orderOf('license-check', args), expected: 'checked' })],
  [
    'add',
    async ({ args, terminal }, file) => {
      if (file === undefined) throw wrong('Name the file with the licenses.');
      const text = await readLicenseText(file, terminal);
      const [customer, policy] = [args.text('customer') ?? null, args.text('policy') ?? null];
      return { question: { kind: 'license-add', customer, policy, text }, expected: 'licenses' };
    },
  ],
  [
    'list',
    ({ args }, text = '') => ({
      question: { kind: 'license-list', text, ...search(args), ...readPage(args) },
      expected: 'licenses',
    }),
  ],
  ['show', about('license-show', 'license')],
  [
    'export',
    ({ args }) => ({ question: { kind: 'license-export', ...search(args) }, expected: 'text' }),
  ],
  ['extend', about('license-extend', 'license', (args) => ({ expires: textOf(args, 'expires') }))],
  [
    'seats',
    about('license-seats', 'license', (args) => ({
      seats: args.text('seats') ?? null,
      classes: args.list('class'),
      overdrafts: args.list('overdraft'),
      stages: args.list('stage'),
    })),
  ],
  ['suspend', standing('suspended')],
  ['resume', standing('active')],
  ['revoke', standing('revoked')],
  ['policy', about('license-policy', 'licenses', (args) => ({ policy: textOf(args, 'policy') }))],
  [
    'project',
    about('license-project', 'licenses', (args) => ({ project: textOf(args, 'project') })),
  ],
]);

const show = async (
  invocation: Invocation,
  outcome: Extract<MasterOutcome, { kind: Ask['expected'] }>,
): Promise<void> => {
  const out = invocation.args.text('out');
  switch (outcome.kind) {
    case 'checked':
      return print(invocation, outcome.terms, () => 'It would be issued.\n');
    case 'done':
      return print(invocation, outcome, ({ sentence }) => `${sentence}\n`);
    case 'licenses':
      return print(invocation, outcome.licenses, renderSummaries);
    case 'license':
      if (out !== undefined) await writeNewFile(out, outcome.text, 0o644);
      return print(invocation, outcome, (one) => renderIssued(one, out));
    case 'text':
      if (out === undefined) return print(invocation, outcome, ({ text }) => text);
      return writeNewFile(out, outcome.text, 0o644);
  }
};
