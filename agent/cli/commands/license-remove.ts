import type { LicenseView } from '../../core/operations.ts';
import { askRunningAgent } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const licenseRemove: Command = {
  name: 'license remove',
  summary: 'Remove a license; seats held from it end with their term',
  positionals: [{ name: 'ID', summary: "the license's id, or its first characters" }],
  flags: {
    ...JSON_FLAG,
    yes: { kind: 'switch', summary: 'do it: without that, see what it does' },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const [id = ''] = args.positionals;
    if (!args.has('yes')) {
      const { license } = await askRunningAgent(invocation, { kind: 'license-show', id });
      terminal.err(
        `This would remove license ${license.id} of ${license.product}. ${consequences(license)}Say so with --yes; \`usher license restore\` brings it back for 30 days.\n`,
      );
      return EXIT['wrong usage'];
    }
    const { license, lent } = await askRunningAgent(invocation, { kind: 'license-remove', id });
    if (args.has('json')) terminal.out(`${JSON.stringify({ license, lent }, null, 2)}\n`);
    else {
      terminal.out(
        `Removed license ${license.id}: ${license.product}. \`usher license restore ${license.id}\` brings it back for 30 days.\n`,
      );
      if (lent > 0) {
        terminal.out(
          `${lent} held ${lent === 1 ? 'seat ends' : 'seats end'} within ${license.term} s.\n`,
        );
      }
    }
    return EXIT.done;
  },
};

const consequences = ({ id, lent, term, activated }: LicenseView): string => {
  const seats =
    lent === 0 ? '' : `${lent} held ${lent === 1 ? 'seat ends' : 'seats end'} within ${term} s. `;
  return activated?.by === 'vendor'
    ? `${seats}It stays activated for this agent and for no other: to use it elsewhere, \`usher license deactivate ${id}\` first. `
    : seats;
};
