import { createSystemClock } from '../../../protocol/node/clock.ts';
import { assert } from '../../../protocol/result.ts';
import { DataFolder } from '../../edges/data-folder.ts';
import { bytesToText, readFileBytes, writeNewFile } from '../../edges/files.ts';
import { openMaster } from '../../open-master.ts';
import { UsherError } from '../../usher-error.ts';
import { POLICIES, type Policy } from '../../vendor/master/issued-license.ts';
import type { Caller, MasterOutcome } from '../../vendor/master/master-operations.ts';
import { type Arguments, type Command, JSON_FLAG, OUT_FLAG } from '../command.ts';
import { readLicenseFile } from '../license-file.ts';
import { writeResponses } from '../responses.ts';
import { KEY_FLAGS, readSigner } from '../signing-key.ts';

const CALLER: Caller = { name: 'vendor activate', from: 'this computer', customer: null };

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
    ledger: {
      kind: 'text',
      value: 'FOLDER',
      summary: 'where is kept who has what; a master can serve it later [default: usher-ledger]',
    },
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
    const clock = createSystemClock();
    const signer = await readSigner(args, 'activations', clock.now().wall);
    const [file = '-'] = args.positionals;
    const bytes = file === '-' ? await terminal.readInput() : await readFileBytes(file);
    const policy = readPolicy(args);
    const licenses = await Promise.all(args.list('license').map((file) => readLicenseFile(file)));
    const folder = new DataFolder(args.text('ledger') ?? 'usher-ledger');
    const say = (sentence: string): void => terminal.err(`${sentence}\n`);
    await using ledger = await openMaster({ folder, keys: signer.keys, clock, away: null, say });
    for (const text of licenses) {
      orThrow(
        await ledger.driver.operate({ kind: 'license-add', customer: null, policy, text }, CALLER),
      );
    }
    const text = bytesToText(bytes);
    const approves = args.has('approve');
    const outcome = orThrow(
      await ledger.driver.operate({ kind: 'upload', text, approves }, CALLER),
    );
    assert(outcome.kind === 'uploaded', 'an upload that was not one');
    return writeResponses(invocation, outcome.results, (path, written) =>
      writeNewFile(path, written, 0o644),
    );
  },
};

const orThrow = (outcome: MasterOutcome): MasterOutcome => {
  if (outcome.kind === 'refused') throw new UsherError('REFUSED', outcome.sentence);
  return outcome;
};

const readPolicy = (args: Arguments): Policy => {
  const word = args.text('policy') ?? 'agents';
  const policy = POLICIES.find((one) => one === word);
  if (policy !== undefined) return policy;
  throw new UsherError('WRONG_USAGE', `--policy is one of ${POLICIES.join(', ')}, not "${word}".`);
};
