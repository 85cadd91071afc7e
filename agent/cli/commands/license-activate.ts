import type { RequestView } from '../../core/operations.ts';
import { expectNewFile, writeNewFile } from '../../edges/files.ts';
import { isDone, renderActivation, renderOtherWays, untilText } from '../activation-text.ts';
import { CREDENTIAL_FLAGS, readActivationWay, readCredentials } from '../activation-way.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readLicenseText } from '../license-file.ts';
import { withPatience } from '../progress.ts';
import { renderQrCode } from '../qr-code.ts';

const FLAGS = {
  ...JSON_FLAG,
  online: {
    kind: 'switch',
    summary: "by one call to the vendor's master, which the license names",
  },
  ...CREDENTIAL_FLAGS,
  request: {
    kind: 'text',
    value: 'FILE',
    summary: 'write a request to carry to the vendor; - for standard output',
  },
  qr: { kind: 'switch', summary: 'show the request as a QR code, to be read off the screen' },
  response: {
    kind: 'text',
    value: 'FILE',
    summary: 'load what the vendor has answered; - for standard input',
  },
  emergency: {
    kind: 'switch',
    summary: "with nobody's help: once, for as many days as the license allows, 5 at most",
  },
} as const satisfies Command['flags'];

export const licenseActivate: Command = {
  name: 'license activate',
  summary: 'Bind licenses to this agent, so that they lend',
  positionals: [
    {
      name: 'LICENSE',
      summary: 'its id, or the first characters; by default all that wait for it',
      times: 'any',
    },
  ],
  flags: FLAGS,
  settings: ['data'],
  run: async (invocation) => {
    const way = readActivationWay(invocation.args);
    switch (way.kind) {
      case 'online':
        return activateOnline(invocation);
      case 'request':
        return writeRequest(invocation, way.file, way.qr);
      case 'response':
        return loadResponse(invocation, way.file);
      case 'emergency':
        return activateForEmergency(invocation);
    }
  },
};

const activateOnline = async (invocation: Invocation): Promise<ExitCode> => {
  const { args, terminal } = invocation;
  const ids = args.positionals;
  const credentials = await readCredentials(args, terminal);
  const asking = askRunningAgent(invocation, { kind: 'license-activate', ids, credentials });
  const { kind: _kind, ...outcome } = await withPatience(terminal, 'Asking the master', asking);
  print(invocation, outcome, renderActivation);
  if (isDone(outcome)) return EXIT.done;
  if (outcome.failures.length > 0) {
    const { licenses } = await askRunningAgent(invocation, { kind: 'license-list' });
    const isMeant = (id: string): boolean =>
      ids.length === 0 || ids.some((start) => id.startsWith(start.toLowerCase()));
    const waiting = licenses.filter(({ id, state }) => state === 'installed' && isMeant(id));
    terminal.err(renderOtherWays(waiting));
  }
  return EXIT.refused;
};

const writeRequest = async (
  invocation: Invocation,
  file: string | null,
  qr: boolean,
): Promise<ExitCode> => {
  const { args, terminal } = invocation;
  const ids = args.positionals;
  const isFile = file !== null && file !== '-';
  // A new request makes an answer to the one before worthless.
  if (isFile) await expectNewFile(file);
  const { requests } = await askRunningAgent(invocation, { kind: 'license-request', ids });
  const text = requests.map((one) => one.text).join('\n');
  // Before the file: a request that is too long for it must leave none.
  const picture = qr ? requests.map((one) => renderQrCode(one.text)).join('\n') : '';
  if (isFile) await writeNewFile(file, text, 0o644);
  if (args.has('json')) terminal.out(`${JSON.stringify(requests, null, 2)}\n`);
  else {
    if (qr) terminal.out(picture);
    if (file === '-' || (file === null && !qr)) terminal.out(text);
    terminal.err(describeRequests(requests, isFile ? file : undefined));
  }
  return EXIT.done;
};

const describeRequests = (requests: readonly RequestView[], file: string | undefined): string => {
  const count = requests.flatMap(({ licenses }) => licenses).length;
  const where = file === undefined ? '' : ` written to ${file}`;
  const vendors =
    requests.length === 1 ? '' : ` There is a block for each of ${requests.length} vendors.`;
  return (
    `Request for ${count} ${count === 1 ? 'license' : 'licenses'}${where}.${vendors} ` +
    'Have the vendor answer it, then load the answer with `usher license activate --response FILE`.\n'
  );
};

const loadResponse = async (invocation: Invocation, file: string): Promise<ExitCode> => {
  const text = await readLicenseText(file, invocation.terminal, 'response');
  const answer = await askRunningAgent(invocation, { kind: 'license-response', text });
  const { kind: _kind, ...outcome } = answer;
  print(invocation, outcome, renderActivation);
  return isDone(outcome) ? EXIT.done : EXIT.refused;
};

const activateForEmergency = async (invocation: Invocation): Promise<ExitCode> => {
  const { args, terminal } = invocation;
  const [id = '', more] = args.positionals;
  if (id === '' || more !== undefined) {
    terminal.err(
      'Name one LICENSE: an emergency is had once for each. See them with `usher license list`.\n',
    );
    return EXIT['wrong usage'];
  }
  const { license } = await askRunningAgent(invocation, { kind: 'license-emergency', id });
  print(
    invocation,
    license,
    (one) =>
      `License ${one.id} for ${one.product} lends for an emergency${untilText(one)}, and will not again. ${one.remedy ?? ''}\n`,
  );
  return EXIT.done;
};
