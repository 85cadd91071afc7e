import { armor } from '../../../protocol/armor.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { LICENSE_FAULTS, type LicenseAdded, type LicenseView } from '../../core/operations.ts';
import { bytesToText, readFileBytes } from '../../edges/files.ts';
import { askRunningAgent } from '../agent-command.ts';
import { type Command, JSON_FLAG, type Terminal } from '../command.ts';
import { EXIT } from '../exit-code.ts';
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

/** The text of a license file; one in the binary form is put into its text form. */
export const readLicenseText = async (file: string, terminal: Terminal): Promise<string> => {
  const bytes = file === '-' ? await terminal.readInput() : await readFileBytes(file);
  // A binary document begins with the MessagePack head of an array of five.
  if (bytes[0] === 0x95) return armor('license', bytes, nativePrimitives);
  return bytesToText(bytes);
};

const report = ({ added, fault }: LicenseAdded, terminal: Terminal): void => {
  if (fault === null && added !== null) {
    terminal.out(`Added license ${added.id}: ${describe(added)}\n`);
  } else if (fault !== null) {
    const which = added === null ? '' : ` (${added.id})`;
    terminal.err(`Not added${which}: ${LICENSE_FAULTS[fault]}\n`);
  }
};

const describe = (license: LicenseView): string => {
  const total = license.pools.reduce((sum, pool) => sum + pool.seats, 0);
  const count = `${total} ${total === 1 ? 'seat' : 'seats'}`;
  return `${license.product}, ${count}, ${license.state}.${renderRefusal(license)}`;
};
