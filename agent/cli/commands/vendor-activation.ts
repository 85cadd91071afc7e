import { base32ToBytes } from '../../../protocol/bytes.ts';
import { type LicenseId, licenseId } from '../../../protocol/ids.ts';
import { LICENSE_ID_SIZE } from '../../../protocol/limits.ts';
import { createSystemClock } from '../../../protocol/node/clock.ts';
import { assert } from '../../../protocol/result.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderActivations } from '../master-text.ts';
import { KEY_FLAGS, readSigner } from '../signing-key.ts';
import { demandLedger, LEDGER_FLAG, openLedger } from '../vendor-ledger.ts';

export const vendorActivation: Command = {
  name: 'vendor activation',
  summary: 'See which computers have a license, or free one that is gone, without a server',
  positionals: [
    { name: 'list|free', summary: 'what to do' },
    { name: 'LICENSE', summary: 'the id of a license', times: 'optional' },
    {
      name: 'AGENT',
      summary: 'free: a computer by its name, or an agent by its key id',
      times: 'optional',
    },
  ],
  flags: {
    ...JSON_FLAG,
    ...KEY_FLAGS,
    ...LEDGER_FLAG,
    reason: { kind: 'text', value: 'TEXT', summary: 'free: why, for the customer to read' },
  },
  settings: [],
  run: async (invocation) => {
    const { args } = invocation;
    const [action, named, agent] = args.positionals;
    const license = named === undefined ? undefined : readLicense(named);
    if (action !== 'list' && action !== 'free') throw wrong('It is list or free.');
    const isFree = action === 'free';
    if (isFree !== (agent !== undefined)) {
      throw wrong(isFree ? 'It is `free LICENSE AGENT`.' : 'It is `list`, or `list LICENSE`.');
    }
    const use = isFree ? 'standings' : 'activations';
    const signer = await readSigner(args, use, createSystemClock().now().wall);
    await demandLedger(args);
    await using ledger = await openLedger(invocation, signer, 'vendor activation');
    if (license !== undefined && agent !== undefined) {
      const reason = args.text('reason') ?? '';
      const done = await ledger.operate({ kind: 'activation-free', license, agent, reason });
      assert(done.kind === 'done', 'a computer that was neither freed nor refused');
      print(invocation, done, ({ sentence }) => `${sentence}\n`);
      return EXIT.done;
    }
    const found = await ledger.operate({ kind: 'activation-list', license: license ?? null });
    assert(found.kind === 'activations', 'a list that was none');
    print(invocation, found.activations, renderActivations);
    return EXIT.done;
  },
};

const readLicense = (text: string): LicenseId => {
  const bytes = text.length === 26 ? base32ToBytes(text.toLowerCase()) : undefined;
  if (bytes?.length === LICENSE_ID_SIZE) return licenseId(bytes);
  throw wrong(`"${text}" is no id of a license: \`usher vendor activation list\` shows them.`);
};

const wrong = (why: string): UsherError => new UsherError('WRONG_USAGE', why);
