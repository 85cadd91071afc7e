import {
  type ClientKey,
  type SettingChange,
  settingFault,
} from '../../../protocol/node/client-settings-text.ts';
import { UsherError } from '../../usher-error.ts';
import { CLIENT_FLAGS, changeFile, readProduct, settingsFileOf } from '../client-file.ts';
import { keepLicenses, licensesFor } from '../client-license.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readLicenseText } from '../license-file.ts';

export const clientSet: Command = {
  name: 'client set',
  summary: 'Choose where applications on this computer have their licenses from',
  positionals: [],
  flags: {
    ...CLIENT_FLAGS,
    mode: {
      kind: 'text',
      value: 'network|standalone',
      summary: 'a seat of an agent, or a license of this computer alone',
    },
    agent: { kind: 'list', value: 'HOST[:PORT]', summary: 'ask this agent, beside those found' },
    license: {
      kind: 'text',
      value: 'FILE',
      summary: "a standalone license's file; it is copied [product: the license's]",
    },
    locked: { kind: 'switch', summary: 'with --machine: users cannot set it otherwise' },
  },
  settings: [],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    if (args.has('locked') && !args.has('machine')) {
      throw new UsherError('WRONG_USAGE', '--locked goes with --machine.');
    }
    const changes = [...plainChanges(invocation), ...(await licenseChange(invocation))];
    if (changes.length === 0) {
      throw new UsherError('WRONG_USAGE', '--mode, --agent or --license is needed.');
    }
    changeFile(invocation, changes);
    const file = settingsFileOf(invocation);
    for (const { product, key, value } of changes) {
      terminal.out(`${key} = ${value} for ${product ?? 'every product'} (${file}).\n`);
    }
    return EXIT.done;
  },
};

const plainChanges = (invocation: Invocation): readonly SettingChange[] => {
  const { args } = invocation;
  const product = readProduct(invocation);
  const agents = args.list('agent');
  const mode = args.text('mode');
  const given: readonly (readonly [ClientKey, string])[] = [
    ...(mode === undefined ? [] : [['mode', mode] as const]),
    ...(agents.length === 0 ? [] : [['agent', agents.join(', ')] as const]),
  ];
  return given.map(([key, value]) => {
    const fault = settingFault(key, value);
    if (fault !== undefined) throw new UsherError('WRONG_USAGE', `--${fault}`);
    return { product, key, value, locked: args.has('locked') };
  });
};

/** The license is kept first: settings never name a file that is not there. */
const licenseChange = async (invocation: Invocation): Promise<readonly SettingChange[]> => {
  const { args, terminal } = invocation;
  const file = args.text('license');
  if (file === undefined) return [];
  const text = await readLicenseText(file, terminal);
  const licenses = licensesFor(text, file, readProduct(invocation));
  const product = licenses[0]?.license.product ?? null;
  const value = keepLicenses(licenses, settingsFileOf(invocation));
  return [{ product, key: 'license', value, locked: args.has('locked') }];
};
