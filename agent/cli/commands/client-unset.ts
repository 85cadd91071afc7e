import { CLIENT_KEYS } from '../../../protocol/node/client-settings-text.ts';
import { CLIENT_FLAGS, changeFile, readProduct, settingsFileOf } from '../client-file.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const clientUnset: Command = {
  name: 'client unset',
  summary: 'Take back what was chosen with client set: all of it, or what is named',
  positionals: [],
  flags: {
    ...CLIENT_FLAGS,
    mode: { kind: 'switch', summary: 'the mode' },
    agent: { kind: 'switch', summary: 'the agents' },
    license: { kind: 'switch', summary: 'the license; the copy that was made of it stays' },
  },
  settings: [],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const product = readProduct(invocation);
    const named = CLIENT_KEYS.filter((key) => args.has(key));
    const keys = named.length > 0 ? named : CLIENT_KEYS;
    changeFile(
      invocation,
      keys.map((key) => ({ product, key, value: null })),
    );
    const whose = product ?? 'every product';
    terminal.out(`${keys.join(', ')} unset for ${whose} (${settingsFileOf(invocation)}).\n`);
    return EXIT.done;
  },
};
