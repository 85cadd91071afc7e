import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../core/operations.ts';
import { expectNewFile, writeNewFile } from '../../edges/files.ts';
import { CREDENTIAL_FLAGS, readCredentials } from '../activation-way.ts';
import { askRunningAgent } from '../agent-command.ts';
import { renderTime } from '../columns.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { withPatience } from '../progress.ts';

/** With --wait it is looked so often whether the last seat has ended. */
const LOOK_EVERY_MS = 1000;

export const licenseDeactivate: Command = {
  name: 'license deactivate',
  summary: 'Give a license back, so that it can be activated on another agent',
  positionals: [{ name: 'LICENSE', summary: 'its id, or the first characters' }],
  flags: {
    ...JSON_FLAG,
    receipt: {
      kind: 'text',
      value: 'FILE',
      summary: 'write the receipt to carry to the vendor [default: standard output]',
    },
    online: { kind: 'switch', summary: "tell the vendor's master at once" },
    ...CREDENTIAL_FLAGS,
    wait: { kind: 'switch', summary: 'until the last seat that is held has ended' },
  },
  settings: ['data'],
  run: async (invocation) => {
    await expectNewFile(invocation.args.text('receipt'));
    const done = await withPatience(invocation.terminal, 'Waiting', deactivate(invocation));
    return report(invocation, done);
  },
};

type Deactivated = Extract<Outcome, { kind: 'license-deactivate' }>;

const deactivate = async (invocation: Invocation): Promise<Deactivated> => {
  const { args, terminal } = invocation;
  const [id = ''] = args.positionals;
  const online = args.has('online');
  const credentials = await readCredentials(args, terminal);
  for (;;) {
    const operation = { kind: 'license-deactivate', id, online, credentials } as const;
    const done = await askRunningAgent(invocation, operation);
    if (done.receipt !== null || !args.has('wait')) return done;
    await sleep(LOOK_EVERY_MS);
  }
};

const report = async (
  { args, terminal }: Invocation,
  { kind: _kind, ...done }: Deactivated,
): Promise<ExitCode> => {
  const { license, receipt, lent, until, told, failures } = done;
  const file = args.text('receipt');
  if (receipt !== null && file !== undefined) await writeNewFile(file, receipt, 0o644);
  if (args.has('json')) terminal.out(`${JSON.stringify(done, null, 2)}\n`);
  else if (receipt === null) {
    const end = until === null ? '' : `, the last one until ${renderTime(until)}`;
    terminal.err(
      `License ${license.id} lends nothing more. ${lent} ${lent === 1 ? 'seat is' : 'seats are'} still held${end}: then give this command again, or now with --wait. \`usher license restore ${license.id}\` takes it back.\n`,
    );
  } else if (told) {
    terminal.out(`License ${license.id} is given back: it can be activated elsewhere.\n`);
  } else {
    if (file === undefined && !args.has('online')) terminal.out(receipt);
    for (const { sentence } of failures) terminal.err(`${sentence}\n`);
    const where = file === undefined ? 'the receipt' : file;
    const again =
      failures.length === 0
        ? ''
        : ` Try a call again with \`usher license deactivate ${license.id} --online\`.`;
    terminal.err(
      `License ${license.id} is given back here. It can be activated elsewhere when the vendor, or the parent that gave it, has ${where}.${again}\n`,
    );
  }
  return receipt === null || failures.length > 0 ? EXIT.refused : EXIT.done;
};
