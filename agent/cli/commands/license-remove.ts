import { askRunningAgent } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const licenseRemove: Command = {
  name: 'license remove',
  summary: 'Remove a license; seats held from it end with their term',
  positionals: [{ name: 'ID', summary: "the license's id, or its first characters" }],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const [id = ''] = args.positionals;
    const { license, lent } = await askRunningAgent(invocation, { kind: 'license-remove', id });
    if (args.has('json')) terminal.out(`${JSON.stringify({ license, lent }, null, 2)}\n`);
    else {
      terminal.out(`Removed license ${license.id}: ${license.product}.\n`);
      if (lent > 0) {
        terminal.out(
          `${lent} held ${lent === 1 ? 'seat ends' : 'seats end'} within ${license.term} s.\n`,
        );
      }
    }
    return EXIT.done;
  },
};
