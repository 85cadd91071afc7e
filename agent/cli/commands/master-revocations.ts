import { bytesToText, readFileBytes } from '../../edges/files.ts';
import { print } from '../agent-command.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { askMaster, MASTER_FLAGS } from '../master-access.ts';

export const masterRevocations: Command = {
  name: 'master revocations',
  summary: 'Let a master tell every agent which issuing keys are revoked',
  positionals: [{ name: 'FILE', summary: 'the revocations that the root key signed' }],
  flags: MASTER_FLAGS,
  settings: [],
  run: async (invocation) => {
    const text = bytesToText(await readFileBytes(invocation.args.positionals[0] ?? ''));
    const done = await askMaster(invocation, { kind: 'revocations-add', text }, 'done');
    print(invocation, done, ({ sentence }) => `${sentence}\n`);
    return EXIT.done;
  },
};
