import { bytesToText, expectNewFile, readFileBytes, writeNewFile } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { type Command, type Invocation, OUT_FLAG } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { askMaster, MASTER_FLAGS } from '../master-access.ts';
import { PAGE_FLAGS, readPage } from '../master-page.ts';
import { renderActivations, renderPetitions } from '../master-text.ts';
import { writeResponses } from '../responses.ts';

export const masterActivation: Command = {
  name: 'master activation',
  summary: 'See at a master which computers have a license, decide, free, answer a file',
  positionals: [
    {
      name: 'list|free|requests|approve|deny|answer',
      summary: 'what to do; answer takes a file with requests',
    },
    { name: 'LICENSE|FILE', summary: 'the id of a license, or the file', times: 'optional' },
    {
      name: 'AGENT',
      summary: 'a computer by its name, or an agent by its key id',
      times: 'optional',
    },
  ],
  flags: {
    ...MASTER_FLAGS,
    ...PAGE_FLAGS,
    text: { kind: 'text', value: 'TEXT', summary: 'list: of computer, product or customer' },
    reason: { kind: 'text', value: 'TEXT', summary: 'why, for the customer to read' },
    approve: { kind: 'switch', summary: 'answer: grant what is left to my decision' },
    ...OUT_FLAG,
  },
  settings: [],
  run: async (invocation) => {
    const [action, first, agent] = invocation.args.positionals;
    switch (action) {
      case 'list':
        return list(invocation, first);
      case 'requests':
        return requests(invocation);
      case 'answer':
        return answer(invocation, first);
      case 'free':
      case 'approve':
      case 'deny':
        if (first === undefined || agent === undefined)
          throw wrong(`It is \`${action} LICENSE AGENT\`.`);
        return decide(invocation, action, { license: first.toLowerCase(), agent });
      default:
        throw wrong('It is list, free, requests, approve, deny or answer.');
    }
  },
};

const wrong = (why: string): UsherError => new UsherError('WRONG_USAGE', why);

const list = async (invocation: Invocation, license: string | undefined): Promise<ExitCode> => {
  const question = {
    kind: 'activation-list',
    license: license?.toLowerCase() ?? null,
    text: invocation.args.text('text') ?? '',
    ...readPage(invocation.args),
  };
  const { activations } = await askMaster(invocation, question, 'activations');
  print(invocation, activations, renderActivations);
  return EXIT.done;
};

const requests = async (invocation: Invocation): Promise<ExitCode> => {
  const question = { kind: 'request-list', decision: 'open', ...readPage(invocation.args) };
  const found = await askMaster(invocation, question, 'requests');
  print(invocation, found.requests, renderPetitions);
  return EXIT.done;
};

const decide = async (
  invocation: Invocation,
  action: 'free' | 'approve' | 'deny',
  named: { readonly license: string; readonly agent: string },
): Promise<ExitCode> => {
  const reason = invocation.args.text('reason') ?? '';
  const decision = action === 'approve' ? 'approved' : 'denied';
  const question =
    action === 'free'
      ? { kind: 'activation-free', ...named, reason }
      : { kind: 'request-decide', ...named, decision, reason };
  print(
    invocation,
    await askMaster(invocation, question, 'done'),
    ({ sentence }) => `${sentence}\n`,
  );
  return EXIT.done;
};

const answer = async (invocation: Invocation, file: string | undefined): Promise<ExitCode> => {
  if (file === undefined) throw wrong('Name the file with the requests, or - for standard input.');
  const { terminal } = invocation;
  const bytes = file === '-' ? await terminal.readInput() : await readFileBytes(file);
  const approves = invocation.args.has('approve');
  await expectNewFile(invocation.args.text('out'));
  const question = { kind: 'upload', text: bytesToText(bytes), approves };
  const { results } = await askMaster(invocation, question, 'uploaded');
  return writeResponses(invocation, results, (path, text) => writeNewFile(path, text, 0o644));
};
