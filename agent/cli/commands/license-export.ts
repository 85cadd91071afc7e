import { writeNewFile } from '../../edges/files.ts';
import { askRunningAgent } from '../agent-command.ts';
import { type Command, JSON_FLAG, OUT_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const licenseExport: Command = {
  name: 'license export',
  summary: 'Write a license as its vendor has signed it; it stays where it is',
  positionals: [{ name: 'LICENSE', summary: 'its id, or the first characters' }],
  flags: {
    ...JSON_FLAG,
    ...OUT_FLAG,
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const [id = ''] = args.positionals;
    const { license, text } = await askRunningAgent(invocation, { kind: 'license-export', id });
    const file = args.text('out');
    if (file !== undefined) await writeNewFile(file, text, 0o600);
    if (args.has('json')) terminal.out(`${JSON.stringify({ license, text }, null, 2)}\n`);
    else if (file === undefined) terminal.out(text);
    else terminal.out(`License ${license.id} for ${license.product} written to ${file}.\n`);
    return EXIT.done;
  },
};
