import {
  LICENSE_FAULTS,
  type LicenseAdded,
  type LicenseFault,
  type LicenseView,
} from '../../core/operations.ts';
import { askRunningAgent } from '../agent-command.ts';
import { type Command, JSON_FLAG, type Terminal } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readLicenseText } from '../license-file.ts';
import { renderRefusal } from '../license-text.ts';

export const licenseAdd: Command = {
  name: 'license add',
  summary: 'Add every license in a file or, with -, from standard input',
  positionals: [
    { name: 'FILE', summary: "the vendor's text or binary file; - for standard input" },
  ],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const text = await readLicenseText(args.positionals[0] ?? '-', terminal);
    const { results } = await askRunningAgent(invocation, { kind: 'license-add', text });
    if (args.has('json')) terminal.out(`${JSON.stringify(results, null, 2)}\n`);
    else for (const result of results) report(result, terminal);
    return results.every((result) => result.fault === null) ? EXIT.done : EXIT.refused;
  },
};

const report = ({ added, fault }: LicenseAdded, terminal: Terminal): void => {
  if (fault === null && added !== null) {
    terminal.out(`Added license ${added.id}: ${describe(added)}\n`);
  } else if (fault !== null) {
    const which = added === null ? '' : ` (${added.id})`;
    terminal.err(`Not added${which}: ${LICENSE_FAULTS[fault]} ${nextStep(fault)}\n`);
  }
};

const nextStep = (fault: LicenseFault): string => {
  switch (fault) {
    case 'duplicate':
      return 'See `usher license list`.';
    case 'shelf-full':
      return 'It is done with `usher license remove ID`.';
    case 'newer-format':
      return 'It is done with `usher update --from FILE`.';
    default:
      return 'Then again: `usher license add FILE`; `usher vendor inspect FILE` shows what is in it.';
  }
};

const describe = (license: LicenseView): string => {
  const { product, type, pools, state } = license;
  const total = pools.reduce((sum, pool) => sum + pool.seats, 0);
  const count = `${total} ${total === 1 ? 'seat' : 'seats'}`;
  return `${product}, ${pools.length === 0 ? type : count}, ${state}.${renderRefusal(license)}`;
};
