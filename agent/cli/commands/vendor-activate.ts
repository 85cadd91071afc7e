import { createSystemClock } from '../../../protocol/node/clock.ts';
import { assert } from '../../../protocol/result.ts';
import { bytesToText, expectNewFile, readFileBytes, writeNewFile } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import { POLICIES, type Policy } from '../../vendor/master/issued-license.ts';
import { type Arguments, type Command, JSON_FLAG, OUT_FLAG } from '../command.ts';
import { readLicenseFile } from '../license-file.ts';
import { writeResponses } from '../responses.ts';
import { KEY_FLAGS, readSigner } from '../signing-key.ts';
import { LEDGER_FLAG, openLedger } from '../vendor-ledger.ts';

export const vendorActivate: Command = {
  name: 'vendor activate',
  summary: 'Answer activation requests that a customer has sent, without a server',
  positionals: [
    { name: 'REQUEST', summary: 'file with one request or several; - for standard input' },
  ],
  flags: {
    ...JSON_FLAG,
    ...KEY_FLAGS,
    license: {
      kind: 'list',
      value: 'FILE',
      summary: 'licenses that were issued: the ledger remembers them from then on',
    },
    ...LEDGER_FLAG,
    policy: {
      kind: 'text',
      value: 'first|agents|ask',
      summary:
        'who gets these licenses activated: one computer, as many as they say, or ask me [default: agents]',
    },
    approve: { kind: 'switch', summary: 'grant what the policy ask leaves to me' },
    ...OUT_FLAG,
  },
  settings: [],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const signer = await readSigner(args, 'activations', createSystemClock().now().wall);
    const [file = '-'] = args.positionals;
    const bytes = file === '-' ? await terminal.readInput() : await readFileBytes(file);
    const policy = readPolicy(args);
    const licenses = await Promise.all(args.list('license').map((file) => readLicenseFile(file)));
    await expectNewFile(args.text('out'));
    await using ledger = await openLedger(invocation, signer, 'vendor activate');
    for (const text of licenses) {
      await ledger.operate({ kind: 'license-add', customer: null, policy, text });
    }
    const text = bytesToText(bytes);
    const approves = args.has('approve');
    const outcome = await ledger.operate({ kind: 'upload', text, approves });
    assert(outcome.kind === 'uploaded', 'an upload that was not one');
    return await writeResponses(invocation, outcome.results, (path, written) =>
      writeNewFile(path, written, 0o644),
    );
  },
};

const readPolicy = (args: Arguments): Policy => {
  const word = args.text('policy') ?? 'agents';
  const policy = POLICIES.find((one) => one === word);
  if (policy !== undefined) return policy;
  throw new UsherError('WRONG_USAGE', `--policy is one of ${POLICIES.join(', ')}, not "${word}".`);
};
